import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeUtf8, toHex } from '../base/index.js';
import { makeDirectories } from '../platform/index.js';
import { blake3 } from '../wire/index.js';
import type { ReadyRecord } from './ready-record.js';

/** Longest path of a unix socket that every system takes. */
const socketPathMax = 100;

/** Places of a running cluster: who it is, how to talk to it, what it said. */
export interface RunPaths {
  readonly directory: string;
  readonly pid: string;
  readonly control: string;
  readonly ready: string;
  readonly log: string;
}

/** The places below a run directory; a socket path that is too long moves to the temporary one. */
export function runPathsOf(directory: string): RunPaths {
  const control = join(directory, 'control.sock');
  const short = join(tmpdir(), `iggyctl-${toHex(blake3(encodeUtf8(directory)), 0, 8)}.sock`);
  return {
    directory,
    pid: join(directory, 'pid'),
    control: Buffer.byteLength(control) <= socketPathMax ? control : short,
    ready: join(directory, 'ready.json'),
    log: join(directory, 'log.ndjson'),
  };
}

/** Makes the run directory and says who runs. Mode 0700, files 0600. */
export function writePid(paths: RunPaths): void {
  makeDirectories(paths.directory);
  chmodSync(paths.directory, 0o700);
  writePrivately(paths.pid, `${process.pid}\n`);
}

/** Writes the ready record, by rename. */
export function writeReadyRecord(path: string, record: ReadyRecord): void {
  writePrivately(path, `${JSON.stringify(record)}\n`);
}

/** The ready record of a cluster, if one is there. */
export function readReadyRecord(paths: RunPaths): ReadyRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(paths.ready, 'utf8'));
    return isReadyRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Removes what a cluster leaves that has stopped or died; its log stays. */
export function removeRunFiles(paths: RunPaths): void {
  for (const path of [paths.pid, paths.control, paths.ready]) rmSync(path, { force: true });
}

function isReadyRecord(value: unknown): value is ReadyRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'cluster.ready' &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'nodes' in value &&
    Array.isArray(value.nodes)
  );
}

function writePrivately(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}
