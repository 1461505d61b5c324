import type { FileHandle } from 'node:fs/promises';
import { CliError } from '../cli-error.js';
import { exitCodes } from '../exit-codes.js';
import { systemReason } from '../system-error.js';
import { type DecodeIo, OutputClosed } from './io.js';

// Not `import`: that makes Node.js build a view of every export of these modules, streams and
// promises included, which costs more than decoding a frame does.
const fs = process.getBuiltinModule('node:fs');
const { fstatSync, statSync, writeSync } = fs;

const stdin = 0;
const stdout = 1;
const stderr = 2;
const chunkSize = 1 << 20;
const pollMillis = 100;
const retryMillis = 5;

/** `decode` on the standard streams and files of this process. */
export function nodeIo(): DecodeIo & { dispose(): void } {
  const { interrupted, dispose } = interruption();
  return {
    env: process.env,
    stdinIsTty: isTerminal(stdin),
    columns: isTerminal(stdout) ? process.stdout.columns || 80 : 0,
    stdin: () => process.stdin,
    file: readFile,
    write: (bytes) => writeAll(stdout, bytes),
    note: (text) => writeNote(text),
    interrupted,
    dispose,
  };
}

/** Pipes, files and the null device are told by what they are: the module that knows terminals is big. */
function isTerminal(fd: number): boolean {
  try {
    const status = fstatSync(fd);
    if (!status.isCharacterDevice() || status.rdev === statSync('/dev/null').rdev) return false;
  } catch {
    // Not open, or a system without that device: the module knows.
  }
  return process.getBuiltinModule('node:tty').isatty(fd);
}

/**
 * The first signal ends the work in order, the second one ends the process. Nothing listens before somebody
 * waits: what is decoded without waiting would be slowed by that, and could not be told in time.
 */
function interruption(): Pick<DecodeIo, 'interrupted'> & { dispose(): void } {
  let waiting: Promise<number> | undefined;
  let dispose = (): void => undefined;
  const listen = (settle: (code: number) => void): void => {
    const onInterrupt = (): void => settle(exitCodes.interrupted);
    const onTerminate = (): void => settle(exitCodes.terminated);
    process.once('SIGINT', onInterrupt);
    process.once('SIGTERM', onTerminate);
    dispose = () => {
      process.removeListener('SIGINT', onInterrupt);
      process.removeListener('SIGTERM', onTerminate);
    };
  };
  const interrupted = (): Promise<number> => {
    waiting ??= new Promise(listen);
    return waiting;
  };
  return { interrupted, dispose: () => dispose() };
}

async function* readFile(path: string, follow: boolean): AsyncGenerator<Uint8Array> {
  const handle = await openFile(path);
  const buffer = new Uint8Array(chunkSize);
  try {
    for (;;) {
      const { bytesRead } = await readSome(handle, buffer, path);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (!follow) return;
      else await sleep(pollMillis);
    }
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await fs.promises.open(path, 'r');
  } catch (cause) {
    throw fileError(path, cause);
  }
}

async function readSome(
  handle: FileHandle,
  buffer: Uint8Array,
  path: string,
): Promise<{ bytesRead: number }> {
  try {
    return await handle.read(buffer, 0, buffer.length, null);
  } catch (cause) {
    throw fileError(path, cause);
  }
}

function fileError(path: string, cause: unknown): CliError {
  return new CliError('E_IO', `cannot read ${path}: ${systemReason(cause)}`, { cause });
}

function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/** Blocks until everything is written, so that nothing is lost when the process ends. */
function writeAll(fd: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (cause) {
      const code = errorCode(cause);
      if (code === 'EAGAIN') pause();
      else if (code === 'EPIPE') throw new OutputClosed();
      else {
        throw new CliError('E_IO', `cannot write standard output: ${systemReason(cause)}`, {
          cause,
        });
      }
    }
  }
}

/** A full pipe in non-blocking mode: waits without spinning. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMillis);
}

function writeNote(text: string): void {
  try {
    writeAll(stderr, new TextEncoder().encode(text));
  } catch {
    // Nowhere is left to say so.
  }
}

function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
