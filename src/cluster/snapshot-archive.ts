import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ZipEntry, zipArchive } from '../platform/index.js';
import type { Disk } from '../ports/index.js';
import type { SnapshotRequest } from '../server/index.js';
import type { ClusterEvent } from './events.js';
import { plainJson } from './plain-json.js';
import type { SettingView } from './settings.js';

/** What the sections of a snapshot are made of. */
export interface SnapshotSources {
  readonly disk: Disk;
  readonly events: readonly ClusterEvent[];
  readonly settings: readonly SettingView[];
}

const run = promisify(execFile);
const commandMillis = 5000;
const storedCode = 1;

/** Names and makers of the sections, by code. */
const sections: Readonly<
  Record<number, readonly [name: string, make: (from: SnapshotSources) => string | Promise<string>]>
> = {
  1: ['filesystem_overview', ({ disk }) => filesBelow(disk, '').join('\n')],
  2: ['process_list', () => output('ps', ['-eo', 'pid,ppid,user,%cpu,%mem,rss,etime,args'])],
  3: ['resource_usage', () => resourceUsage()],
  4: ['test', () => 'test\n'],
  5: [
    'server_logs',
    ({ events }) => events.map((event) => JSON.stringify(plainJson(event))).join('\n'),
  ],
  6: [
    'server_config',
    ({ settings }) =>
      settings.map(({ name, value, origin }) => `${name} = ${value} # ${origin}`).join('\n'),
  ],
};

/**
 * The archive of command 11: one text file for each section that could be made. What is not stored is
 * deflated, whatever compression was asked for; the archive says so itself.
 */
export async function collectSnapshot(
  request: SnapshotRequest,
  from: SnapshotSources,
): Promise<Uint8Array> {
  const made = await Promise.all(request.sections.map((code) => makeSection(code, from)));
  const entries = made.filter((entry) => entry !== undefined);
  return zipArchive(entries, request.compression === storedCode ? 'stored' : 'deflate');
}

async function makeSection(code: number, from: SnapshotSources): Promise<ZipEntry | undefined> {
  const section = sections[code];
  if (section === undefined) return undefined;
  try {
    return { name: `${section[0]}.txt`, bytes: Buffer.from(await section[1](from)) };
  } catch {
    // A section that cannot be had is left out.
    return undefined;
  }
}

function filesBelow(disk: Disk, directory: string): string[] {
  return disk.list(directory).flatMap((name) => {
    const path = directory === '' ? name : `${directory}/${name}`;
    const size = disk.size(path);
    return size === undefined ? filesBelow(disk, path) : [`${path} ${size}`];
  });
}

function resourceUsage(): string {
  return JSON.stringify(
    { usage: process.resourceUsage(), memory: process.memoryUsage(), uptime: process.uptime() },
    undefined,
    2,
  );
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, [...args], {
    timeout: commandMillis,
    maxBuffer: 8 * 1024 * 1024,
  });
  return stdout;
}
