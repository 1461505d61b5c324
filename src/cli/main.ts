import { Config, settings } from '@oclif/core';
import type { BaseCommand } from './base-command.js';
import { usageError } from './cli-error.js';
import { exitCodes } from './exit-codes.js';
import { globalFlags } from './flags.js';
import { nearest } from './nearest.js';
import { withCrashReport } from './output/crash-report.js';
import { errorJson, errorText, reportOf } from './output/report-error.js';
import { drained, guardOutput } from './output/streams.js';
import { topicAliases } from './run/aliases.data.js';
import { beforeDashes, verbosity, wantsJson } from './run/argv.js';
import { type CommandIndex, type FlagShape, findCommand } from './run/find-command.js';

/** How each command is loaded, by its id with colons. Made by the build, from `src/commands/`. */
export type CommandTable = Readonly<
  Record<string, () => Promise<{ readonly default: CommandClass }>>
>;

/** A class of `src/commands/`. */
export interface CommandClass {
  id: string;
  new (argv: string[], config: Config): BaseCommand;
}

/** What the command line is made of. */
export interface Program {
  readonly commands: CommandTable;
  /** Any file URL inside the package, from which package.json and the manifest are found. */
  readonly root: string;
}

/**
 * Finds the command that a command line names, runs it, and ends the process with its exit status
 * once everything it wrote has left.
 *
 * The framework's own start is not used: it reads the manifest of all commands, which takes longer than
 * most commands do. Only help needs it.
 */
export async function run(argv: readonly string[], program: Program): Promise<void> {
  // Otherwise oclif would look for TypeScript sources whenever NODE_ENV is "test" or "development".
  settings.enableAutoTranspile = false;
  guardOutput();
  const onFault = (error: unknown) => process.exit(show(error, argv));
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  try {
    await dispatch(argv, program);
  } catch (error) {
    process.exitCode = show(error, argv);
  }
  await drained();
  process.exit(process.exitCode ?? exitCodes.ok);
}

/** Says what went wrong, and gives the exit status. */
function show(error: unknown, argv: readonly string[]): number {
  const report = withCrashReport(reportOf(error), error);
  process.stderr.write(wantsJson(argv, process.env) ? errorJson(report) : errorText(report));
  if (verbosity(argv, process.env) >= 3 && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  return report.exit_code;
}

/** Finds the command and runs it. @throws CliError E_USAGE when there is none of that name */
export async function dispatch(
  argv: readonly string[],
  { commands, root }: Program,
): Promise<void> {
  const ids = Object.keys(commands);
  const index = indexOf(ids);
  const isHelp = beforeDashes(argv).some((word) => word === '--help' || word === '-h');
  const words = beforeDashes(argv)[0] === 'help' ? argv.slice(1) : argv;
  const { id, rest } = findCommand(officialForm(words), index, flagShapes());
  if (id === '') return await showRoot(rest, root);
  if (!index.has(id) && !index.isTopic(id)) throw unknownCommand(id, rest, ids);
  const unknown = index.has(id) ? undefined : rest.find((word) => !word.startsWith('-'));
  if (unknown !== undefined) throw unknownCommand(id, [unknown], ids);
  const load = commands[id];
  if (isHelp || words !== argv || load === undefined) {
    return await (await import('./run/help.js')).showHelp(id, root);
  }
  const { default: Command } = await load();
  Command.id = id;
  await new Command([...rest], configOf(root)).start();
}

/** What a running command needs of the framework's configuration: there are no plugins, so no hooks. */
class PlainConfig extends Config {
  override runHook: Config['runHook'] = () => Promise.resolve({ failures: [], successes: [] });
}

function configOf(root: string): Config {
  const config = new PlainConfig({ root });
  config.bin = 'iggyctl';
  config.topicSeparator = ' ';
  return config;
}

/** `--generate SHELL` of the official command line is `completion SHELL`. */
function officialForm(argv: readonly string[]): readonly string[] {
  const [first = '', shell] = argv;
  if (first === '--generate' && shell !== undefined) return ['completion', ...argv.slice(1)];
  if (first === '--version' || first === '-V') return ['version', ...argv.slice(1)];
  return argv;
}

function indexOf(ids: readonly string[]): CommandIndex {
  const known = new Set(ids);
  return {
    has: (id) => known.has(id),
    isTopic: (id) => ids.some((each) => each.startsWith(`${id}:`)),
  };
}

function flagShapes(): ReadonlyMap<string, FlagShape> {
  return new Map(
    Object.entries(globalFlags).map(([name, flag]) => {
      const { char, aliases } = flag as { char?: string; aliases?: readonly string[] };
      return [name, { char, aliases, takesValue: flag.type === 'option' }] as const;
    }),
  );
}

async function showRoot(rest: readonly string[], root: string): Promise<void> {
  const odd = rest.find((word) => word.startsWith('-') && !isGlobalFlag(word));
  if (odd !== undefined) {
    const near = nearest(
      odd,
      [...flagShapes().keys()].map((name) => `--${name}`),
    );
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw usageError(`unknown flag ${odd.split('=')[0]}${hint}`, 'iggyctl --help');
  }
  (await import('./run/help.js')).showRootHelp(root);
}

function isGlobalFlag(word: string): boolean {
  if (word === '-h' || word === '--help') return true;
  for (const [name, { char, aliases }] of flagShapes()) {
    if (word.split('=')[0] === `--${name}` || (char !== undefined && word === `-${char}`))
      return true;
    if (aliases?.some((alias) => word.split('=')[0] === `--${alias}`)) return true;
  }
  return /^-v+$/.test(word);
}

function unknownCommand(id: string, rest: readonly string[], all: readonly string[]): Error {
  const path = id.replaceAll(':', ' ');
  const word = rest.find((each) => !each.startsWith('-'));
  const ids = all.map((known) => known.replaceAll(':', ' '));
  const spelled = word === undefined ? path : `${path} ${word}`;
  const topics = [...new Set(ids.map((known) => known.split(' ')[0] ?? ''))];
  const near =
    nearest(spelled, ids) ??
    nearest(path, [...ids, ...topics, ...Object.keys(topicAliases).filter((a) => a.length > 2)]);
  const hint = near === undefined ? '' : `; did you mean: ${near}`;
  return usageError(
    `unknown command: ${shortened(isKnown(path, ids) ? spelled : path)}${hint}`,
    'iggyctl --help',
  );
}

/** Whatever was pasted by mistake need not fill the screen. */
function shortened(name: string): string {
  const letters = [...name];
  return letters.length <= 60 ? name : `${letters.slice(0, 60).join('')}…`;
}

function isKnown(path: string, ids: readonly string[]): boolean {
  return ids.some((id) => id === path || id.startsWith(`${path} `));
}
