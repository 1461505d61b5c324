import { createWriteStream, existsSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { CliError } from '../cli-error.js';
import { systemReason } from '../system-error.js';

/** What messages are written to. */
export interface ExportFile {
  /** Resolves when more can be taken. @throws CliError E_IO */
  write(data: string | Uint8Array): Promise<void>;
  /** Resolves when all is written. @throws CliError E_IO */
  end(): Promise<void>;
}

const standardOutput = '-';

/** @throws CliError E_CONFLICT when the file is there and may not be replaced */
export function requireNew(path: string, replaces: boolean): void {
  if (path === standardOutput || replaces || !existsSync(path)) return;
  throw new CliError('E_CONFLICT', `${path} is there already`, { hint: 'add --yes to replace it' });
}

/** A new file, or standard output for `-`. @throws CliError E_CONFLICT when the file is there */
export function openExport(path: string, replaces: boolean): ExportFile {
  requireNew(path, replaces);
  const isStdout = path === standardOutput;
  const stream = isStdout
    ? process.stdout
    : createWriteStream(path, { flags: replaces ? 'w' : 'wx' });
  let problem: Error | undefined;
  // Failures of standard output are met elsewhere, for every command.
  if (!isStdout) stream.on('error', (error: Error) => (problem = error));
  const check = () => {
    if (problem === undefined) return;
    const reason = `cannot write ${path}: ${systemReason(problem)}`;
    throw new CliError('E_IO', reason, { cause: problem });
  };
  return {
    async write(data) {
      check();
      await new Promise<void>((resolve) => {
        if (stream.write(data, () => resolve())) resolve();
      });
    },
    async end() {
      check();
      if (!isStdout) await closed(stream.end());
      check();
    },
  };
}

function closed(stream: Writable): Promise<void> {
  if (stream.closed) return Promise.resolve();
  return new Promise((resolve) => stream.once('close', () => resolve()));
}
