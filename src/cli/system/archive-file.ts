import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import { ioError } from '../config/private-file.js';

/** The file to write: the one that was named, or a dated one in the folder that was. @throws CliError */
export function placeOf(out: string, force: boolean): string {
  const isFolder = existsSync(out) && statSync(out).isDirectory();
  const path = isFolder ? join(out, `snapshot_${stamp(new Date())}.zip`) : out;
  if (existsSync(path) && !force) throw exists(path);
  return path;
}

/** Writes a new file of mode 0600, or over an old one with `force`. @throws CliError */
export function writeArchive(path: string, data: Uint8Array, force: boolean): void {
  try {
    const file = openSync(path, force ? 'w' : 'wx', 0o600);
    try {
      for (let at = 0; at < data.length; ) at += writeSync(file, data, at);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw code === 'EEXIST' ? exists(path) : ioError('write', path, error);
  }
}

function exists(path: string): CliError {
  return new CliError('E_CONFLICT', `${path} exists already`, {
    hint: 'add --force to replace it',
  });
}

/** Local time as `20261122_181530`. */
function stamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${date}_${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}
