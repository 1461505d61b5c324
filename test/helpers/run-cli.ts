import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from './package-files.js';

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Added to a clean environment that has no IGGYCTL_* or IGGY_* variable and a home of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. */
  readonly input?: string | Uint8Array;
  /** Home and all XDG folders; a fresh one is made, and removed afterwards, when it is not given. */
  readonly home?: string;
  readonly cwd?: string;
}

/** How a home is removed: a command may have left something behind that still writes to its cache. */
export const removal = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const;

/** Runs the built command line as a child process, without a terminal, and waits for its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'iggyctl-test-'));
  try {
    return await spawnAndWait(args, home, options);
  } finally {
    if (options.home === undefined) rmSync(home, removal);
  }
}

/** The environment of a child process: nothing of the caller's but PATH, everything else below `home`. */
export function cliEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_RUNTIME_DIR: join(home, 'run'),
    IGGYCTL_NO_KEYRING: '1',
    NO_COLOR: '1',
    COLUMNS: '100',
  };
}

function spawnAndWait(args: readonly string[], home: string, options: CliOptions): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(packageRoot, 'bin/run.js'), ...args], {
      cwd: options.cwd ?? home,
      env: { ...cliEnvironment(home), ...options.env },
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => stdout.push(data));
    child.stderr.on('data', (data: Buffer) => stderr.push(data));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
    // A command may end without reading its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}
