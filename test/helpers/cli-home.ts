import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliOptions, type CliRun, removal, runCli } from './run-cli.js';

/** A home folder that lives for several commands, and the cluster they talk to. */
export class CliHome {
  readonly path: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(env: Readonly<Record<string, string>> = {}) {
    this.path = mkdtempSync(join(tmpdir(), 'iggyctl-home-'));
    this.#env = { IGGYCTL_NO_KEYRING: '1', ...env };
  }

  run(args: readonly string[], options: Omit<CliOptions, 'home'> = {}): Promise<CliRun> {
    return runCli(args, { ...options, home: this.path, env: { ...this.#env, ...options.env } });
  }

  /** Runs a command that must succeed with one JSON document, and gives that. */
  async json(args: readonly string[], options: Omit<CliOptions, 'home'> = {}): Promise<JsonObject> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as JsonObject;
  }

  remove(): void {
    rmSync(this.path, removal);
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;
