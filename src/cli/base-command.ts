import { Command, type Interfaces } from '@oclif/core';
import { styleFor } from '../render/index.js';
import { CliError } from './cli-error.js';
import { Settings, withoutFiles } from './config/settings.js';
import { type ExitClass, exitCodes } from './exit-codes.js';
import { globalFlags } from './flags.js';
import { withCrashReport } from './output/crash-report.js';
import { errorJson, errorText, reportOf } from './output/report-error.js';
import { ResultWriter } from './output/result-writer.js';
import { schemaText } from './output/schema.js';
import { beforeDashes, refuseSecretFlags, verbosity, wantsJson } from './run/argv.js';
import { Interrupts, statusOf } from './run/interrupts.js';
import { type OldShort, refuseOldShorts } from './run/old-shorts.js';
import { parseProblem } from './run/parse-problem.js';
import { outputWidth, wantsColor } from './run/terminal.js';

export type CommandFlags<T extends typeof Command> = Interfaces.InferredFlags<
  (typeof BaseCommand)['baseFlags'] & T['flags']
>;
export type CommandArgs<T extends typeof Command> = Interfaces.InferredArgs<T['args']>;

/**
 * What all commands share: global flags, settings, one writer for results, errors with the same exit
 * status in every format. A command implements `execute` and sets `exitClass` only when its result
 * itself is a failure.
 */
export abstract class BaseCommand<T extends typeof Command = typeof Command> extends Command {
  static override baseFlags = globalFlags;
  /** Kind of the result, for `--schema`; the kind of the items with `.list` behind it for lists. */
  static resultKind: string | undefined;
  /** False for commands that must work with a broken config file. */
  static usesSettings = true;
  /** Global flags that mean something else here. */
  static notSettings: readonly string[] = [];
  /** Short options that mean something else in the official command line. */
  static oldShorts: readonly OldShort[] = [];
  /** True for commands that end by themselves when `signal` is aborted. */
  static stopsItself = false;

  protected flags!: CommandFlags<T>;
  protected args!: CommandArgs<T>;
  /** All words that are not flags, for commands that take any number of them. */
  protected words: readonly string[] = [];
  protected out!: ResultWriter;
  /** 0 warnings, 1 origins, 2 frames, 3 stack traces. */
  protected verbosity = 0;
  readonly #cleanUps: (() => Promise<void> | void)[] = [];
  #settings: Settings | undefined;
  #interrupts: Interrupts | undefined;
  #warnings = 0;
  /** The words were parsed and the writer is there. */
  #isReady = false;

  /** Runs the command to its end; it reports its errors itself. */
  async start(): Promise<void> {
    await this._run();
  }

  /** The command itself. */
  protected abstract execute(): Promise<void>;

  /** Every setting with its origin. @throws CliError E_CONFIG */
  protected get settings(): Settings {
    this.#settings ??= new Settings(this.#settingFlags(), process.env, process.cwd());
    return this.#settings;
  }

  /** Aborted on SIGINT and SIGTERM. */
  protected get signal(): AbortSignal {
    return this.#watch().signal;
  }

  /** The signal that came, if one did. */
  protected get interruptedBy(): 'SIGINT' | 'SIGTERM' | undefined {
    return this.#interrupts?.received;
  }

  /** Ends the process with this status once the result is written. */
  protected exitWith(outcome: ExitClass | number): void {
    process.exitCode = typeof outcome === 'number' ? outcome : exitCodes[outcome];
  }

  /** Registers what has to be undone at the end, also after an error or a signal. */
  protected onEnd(cleanUp: () => Promise<void> | void): void {
    this.#cleanUps.push(cleanUp);
  }

  /** A warning on standard error, also in quiet mode. */
  protected warning(text: string): void {
    this.#warnings += 1;
    process.stderr.write(`warning: ${text}\n`);
  }

  /** A remark on standard error; not in quiet mode and not for programs. */
  protected notice(text: string): void {
    if (this.out.isJson || this.out.options.quiet) return;
    process.stderr.write(`${text}\n`);
  }

  /** A remark that `-v` asks for. */
  protected detail(text: string): void {
    if (this.verbosity > 0) process.stderr.write(`${text}\n`);
  }

  protected override async init(): Promise<void> {
    const own = this.ctor as typeof BaseCommand;
    this.verbosity = verbosity(this.argv, process.env);
    if (beforeDashes(this.argv).includes('--schema')) {
      process.stdout.write(schemaText(own.resultKind));
      throw new SchemaShown();
    }
    const ownFlags: Readonly<Record<string, { readonly char?: string }>> = ownFlagsOf(own);
    refuseOldShorts(this.argv, own.oldShorts);
    refuseSecretFlags(this.argv, {
      ownNames: Object.keys(ownFlags),
      ownChars: Object.values(ownFlags).flatMap(({ char }) => char ?? []),
    });
    const { flags, args, argv } = await this.parse({
      flags: own.flags,
      baseFlags: own.baseFlags,
      args: withoutStdin(own.args),
      strict: own.strict,
    });
    this.flags = flags as CommandFlags<T>;
    this.args = args as CommandArgs<T>;
    this.words = argv.map(String);
    this.out = this.#openWriter(own.usesSettings);
    this.#isReady = true;
    this.#watch();
  }

  override async run(): Promise<void> {
    if ((this.ctor as typeof BaseCommand).usesSettings) {
      for (const text of this.settings.warnings) this.warning(text);
    }
    await this.execute();
    const { received } = this.#watch();
    if (received !== undefined && process.exitCode === undefined)
      process.exitCode = statusOf(received);
    if (this.#warnings > 0 && this.flags['strict'] === true && process.exitCode === undefined) {
      this.exitWith('failed');
    }
  }

  // The framework would print the parser's state, argv included, and lose the exit status.
  protected override async catch(error: Error): Promise<void> {
    if (error instanceof SchemaShown) return;
    await this.#cleanUp();
    const own = this.ctor as typeof BaseCommand;
    const problem = parseProblem(error, {
      name: (this.id ?? '').replaceAll(':', ' '),
      flagNames: [...Object.keys(own.baseFlags), ...Object.keys(ownFlagsOf(own))],
      argNames: Object.keys(own.args),
    });
    const report = withCrashReport(reportOf(problem), problem);
    process.exitCode = report.exit_code;
    const received = this.interruptedBy;
    if (received !== undefined) {
      process.exitCode = statusOf(received);
      return;
    }
    const json = this.#isJson();
    process.stderr.write(json ? errorJson(report) : errorText(report));
    if (this.verbosity >= 3) process.stderr.write(`${error.stack ?? ''}\n`);
  }

  protected override async finally(): Promise<void> {
    await this.#cleanUp();
  }

  #settingFlags(): CommandFlags<T> {
    const { notSettings } = this.ctor as typeof BaseCommand;
    if (notSettings.length === 0) return this.flags;
    const kept = Object.entries(this.flags).filter(([name]) => !notSettings.includes(name));
    return Object.fromEntries(kept) as CommandFlags<T>;
  }

  #isJson(): boolean {
    return this.#isReady ? this.out.isJson : wantsJson(this.argv, process.env);
  }

  async #cleanUp(): Promise<void> {
    for (const cleanUp of this.#cleanUps.splice(0).reverse()) {
      try {
        await cleanUp();
      } catch (error) {
        this.detail(`while ending: ${String(error)}`);
      }
    }
  }

  #watch(): Interrupts {
    const { stopsItself } = this.ctor as typeof BaseCommand;
    this.#interrupts ??= new Interrupts({ stopsItself, cleanUp: () => this.#cleanUp() });
    return this.#interrupts;
  }

  #openWriter(usesSettings: boolean): ResultWriter {
    const { flags } = this;
    const setting = (key: 'output' | 'color') =>
      usesSettings ? this.settings.text(key).value : withoutFiles(key, flags[key], process.env);
    const listMode: unknown = (flags as Readonly<Record<string, unknown>>)['list-mode'];
    const chosen = () => (listMode === 'list' ? 'list' : setting('output'));
    const format = flags['json'] === true ? 'json' : chosen();
    return new ResultWriter({
      format,
      width: outputWidth(),
      style: styleFor(wantsColor(setting('color'), process.env, process.stdout)),
      columns: flags['columns']?.split(',').map((key) => key.trim()),
      sort: flags['sort'],
      noHeader: flags['no-header'] === true,
      limit: flags['limit'],
      quiet: flags['quiet'] === true,
    });
  }
}

/** A command without flags of its own has none at all, whatever the framework's types say. */
function ownFlagsOf(command: typeof BaseCommand): Readonly<Record<string, { char?: string }>> {
  const flags: unknown = command.flags;
  return (flags ?? {}) as Readonly<Record<string, { char?: string }>>;
}

/** The framework would take a missing argument from standard input, which belongs to the data. */
function withoutStdin(args: (typeof BaseCommand)['args']): (typeof BaseCommand)['args'] {
  return Object.fromEntries(
    Object.entries(args).map(([name, arg]) => [name, { ...arg, ignoreStdin: true }]),
  );
}

/** Ends a command whose `--schema` was asked for. */
class SchemaShown extends CliError {
  constructor() {
    super('E_FAILED', 'the schema was shown');
  }
}
