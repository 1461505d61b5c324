import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from './package-files.js';
import { type CliRun, cliEnvironment, removal, runCli } from './run-cli.js';

/** Path of the program. */
export const program = join(packageRoot, 'bin/run.js');

/** A home of its own for several commands; local clusters that are left in it are stopped at the end. */
export class ClusterHome {
  readonly directory = mkdtempSync(join(tmpdir(), 'iggyctl-home-'));
  readonly #children: ChildProcess[] = [];

  run(...args: string[]): Promise<CliRun> {
    return runCli(args, { home: this.directory });
  }

  /** Runs a command and takes its JSON. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const { stdout, stderr } = await this.run(...args, '--json');
    if (stdout === '') throw new Error(`${args.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Runs a shell command in which `iggyctl` is the program. */
  async shell(command: string): Promise<CliRun> {
    const define = `iggyctl() { "${process.execPath}" "${program}" "$@"; }\n`;
    const child = this.#spawn('sh', ['-c', define + command]);
    child.stdin?.end();
    return finished(child);
  }

  /** Starts a command and leaves it running. */
  start(...args: string[]): ChildProcess {
    return this.#spawn(process.execPath, [program, ...args]);
  }

  /** Starts another program in this home. */
  startProgram(name: string, ...args: string[]): ChildProcess {
    return this.#spawn(name, args);
  }

  /** Writes a file that only its owner can read, and gives its path. */
  file(name: string, text: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  async remove(): Promise<void> {
    for (const child of this.#children) if (child.exitCode === null) child.kill('SIGKILL');
    await this.run('cluster', 'down', '--all', '--force');
    rmSync(this.directory, removal);
  }

  #spawn(name: string, args: readonly string[]): ChildProcess {
    const env = cliEnvironment(this.directory);
    const child = spawn(name, args, { cwd: this.directory, env });
    this.#children.push(child);
    return child;
  }
}

/** Waits for the end of a child and gives what it printed. */
export async function finished(child: ChildProcess): Promise<CliRun> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (data) => {
    stdout += String(data);
  });
  child.stderr?.on('data', (data) => {
    stderr += String(data);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
