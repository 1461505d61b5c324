import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IggyctlError } from '../base/index.js';
import { makeDirectories } from '../platform/index.js';
import { isRunning, startOf } from './process-state.js';

/** Another process, or another cluster of this one, uses the directory. */
export class DirectoryLockedError extends IggyctlError<'CLUSTER_RUNNING'> {
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super('CLUSTER_RUNNING', `${directory} is in use by process ${pid}`, { directory, pid });
    this.pid = pid;
  }
}

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same pid; empty where it cannot be known. */
  readonly start: string;
}

const fileName = 'lock';

/**
 * Takes a directory for this process until the returned function is called. The lock of a process
 * that is gone is taken over. @throws CLUSTER_RUNNING
 */
export function lockDirectory(directory: string): () => void {
  makeDirectories(directory);
  const path = join(directory, fileName);
  const mine = `${path}.${process.pid}`;
  const holder: Holder = { pid: process.pid, start: startOf(process.pid) };
  writeFileSync(mine, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  try {
    // A link either is made whole or fails, unlike a file that is created and then written.
    for (;;) {
      if (tryLink(mine, path)) break;
      breakStale(directory, path);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** The process that has locked a directory, if it is alive. Changes nothing. */
export function directoryHolder(directory: string): number | undefined {
  const found = readHolder(join(directory, fileName));
  return found !== undefined && isAlive(found) ? found.pid : undefined;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a process that is gone. @throws CLUSTER_RUNNING if it is alive */
function breakStale(directory: string, path: string): void {
  const found = readHolder(path);
  if (found === undefined) return;
  if (isAlive(found)) throw new DirectoryLockedError(directory, found.pid);
  // Moved first: of two processes that both saw the stale lock only one may remove it, and if the
  // other one was quicker, its fresh lock has to come back.
  const moved = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, moved);
  } catch {
    return;
  }
  const taken = readHolder(moved);
  if (taken !== undefined && isAlive(taken)) tryLink(moved, path);
  rmSync(moved, { force: true });
}

function readHolder(path: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'pid' in value && 'start' in value) {
      if (typeof value.pid === 'number' && typeof value.start === 'string') {
        return { pid: value.pid, start: value.start };
      }
    }
  } catch {
    // Not ours, or cut by a power failure: nobody holds it.
  }
  return { pid: 0, start: '' };
}

function isAlive({ pid, start }: Holder): boolean {
  return isRunning(pid) && (start === '' || startOf(pid) === start);
}
