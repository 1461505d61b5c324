import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from './package-files.js';
import { type CliRun, cliEnvironment } from './run-cli.js';

/** Runs built command lines in one process of their own, one after the other, without a terminal. */
export class ManyCommands {
  readonly #child: ChildProcess;
  readonly #home: string;
  readonly #exit: Promise<unknown>;

  private constructor(home: string) {
    this.#home = home;
    const program = join(packageRoot, 'test/helpers/many-commands.mjs');
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    this.#child = fork(program, [packageRoot], { stdio: [...stdio], execArgv: [] });
    this.#exit = once(this.#child, 'exit');
  }

  /** Starts the process; `home` is the home folder and the working directory of all commands. */
  static async start(home: string): Promise<ManyCommands> {
    const commands = new ManyCommands(home);
    await once(commands.#child, 'message');
    return commands;
  }

  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliRun> {
    const answer = once(this.#child, 'message');
    this.#child.send({ args, cwd: this.#home, env: { ...cliEnvironment(this.#home), ...env } });
    const [run] = (await Promise.race([answer, this.#exit])) as [CliRun | number | null];
    if (typeof run !== 'object' || run === null) {
      throw new Error(`the process ended during: iggyctl ${args.join(' ')}`);
    }
    return run;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.disconnect();
    await this.#exit;
  }
}
