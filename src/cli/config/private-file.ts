import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from '../cli-error.js';
import { systemReason } from '../system-error.js';

/** Text of a file, or nothing when there is none. @throws CliError E_IO */
export function readTextIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw ioError('read', path, error);
  }
}

/**
 * Makes a folder of mode 0700, and all that are missing above it. Not with Node.js's own way,
 * which never ends below a folder that refuses new ones with ENOENT, such as /proc.
 * @throws CliError E_IO
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const each of missing.reverse()) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      // Another process was faster.
      if (errnoOf(error) !== 'EEXIST') throw ioError('make', each, error);
    }
  }
}

/** Replaces a file in one step: a new file of mode 0600 beside it, synced, then renamed. */
export function writePrivateFile(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  makeFolder(dirname(path));
  try {
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw ioError('write', path, error);
  }
}

/** Runs `change` while holding a lock beside `path`, so that two processes writing at once queue up. */
export function withFileLock<T>(path: string, change: () => T): T {
  const lock = `${path}.lock`;
  makeFolder(dirname(path));
  const deadline = Date.now() + 5000;
  while (!tryLock(lock)) {
    if (Date.now() > deadline) {
      throw new CliError('E_CONFIG', `another process holds ${lock}`, {
        hint: `remove ${lock} if no iggyctl is running`,
      });
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  try {
    return change();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** True when users other than the owner have any of the rights `bits` (for instance 0o077). */
export function othersMay(path: string, bits: number): boolean {
  if (process.platform === 'win32') return false;
  return (statSync(path).mode & bits) !== 0;
}

/** Wraps a failed file operation. */
export function ioError(verb: string, path: string, cause: unknown): CliError {
  return new CliError('E_IO', `cannot ${verb} ${path}: ${systemReason(cause)}`, { cause });
}

function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function tryLock(lock: string): boolean {
  try {
    const file = openSync(lock, 'wx', 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw ioError('lock', lock, error);
    if (holderIsGone(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function holderIsGone(lock: string): boolean {
  const text = readTextIfPresent(lock);
  if (text === undefined) return false;
  const pid = Number(text);
  if (!Number.isInteger(pid) || pid <= 0) return Date.now() - statSync(lock).mtimeMs > 2000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
}
