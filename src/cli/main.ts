import { fileURLToPath } from 'node:url';
import { CommandHelp, Config, Help, settings } from '@oclif/core';
import { styleFor } from '../render/index.js';
import { usageError } from './cli-error.js';
import { exitCodes } from './exit-codes.js';
import { globalFlags } from './flags.js';
import { nearest } from './nearest.js';
import { errorJson, errorText, reportOf } from './output/report-error.js';
import { drained, guardOutput } from './output/streams.js';
import { topicAliases } from './run/aliases.data.js';
import { beforeDashes, verbosity, wantsJson } from './run/argv.js';
import { type CommandIndex, type FlagShape, findCommand } from './run/find-command.js';
import { rootHelp } from './run/root-help.js';
import { outputWidth, wantsColor } from './run/terminal.js';

/**
 * Finds the command that a command line names, runs it, and ends the process with its exit status
 * once everything it wrote has left.
 *
 * @param root - any file URL inside the package, from which package.json and the manifest are found.
 */
export async function main(argv: readonly string[], root: string): Promise<void> {
  // Otherwise oclif would look for TypeScript sources whenever NODE_ENV is "test" or "development".
  settings.enableAutoTranspile = false;
  guardOutput();
  try {
    await dispatch(argv, await Config.load(fileURLToPath(root)));
  } catch (error) {
    const report = reportOf(error);
    process.stderr.write(wantsJson(argv, process.env) ? errorJson(report) : errorText(report));
    if (verbosity(argv, process.env) >= 3 && error instanceof Error) {
      process.stderr.write(`${error.stack ?? ''}\n`);
    }
    process.exitCode = report.exit_code;
  }
  await drained();
  process.exit(process.exitCode ?? exitCodes.ok);
}

async function dispatch(argv: readonly string[], config: Config): Promise<void> {
  if (argv.length === 1 && argv[0] === '--version') {
    process.stdout.write(`${config.userAgent}\n`);
    return;
  }
  const index = indexOf(config);
  const isHelp = beforeDashes(argv).some((word) => word === '--help' || word === '-h');
  const words = beforeDashes(argv)[0] === 'help' ? argv.slice(1) : argv;
  const { id, rest } = findCommand(officialForm(words), index, flagShapes());
  if (id === '') return showRoot(config, rest);
  if (!index.has(id) && !index.isTopic(id)) throw unknownCommand(id, rest, config);
  const unknown = index.has(id) ? undefined : rest.find((word) => !word.startsWith('-'));
  if (unknown !== undefined) throw unknownCommand(id, [unknown], config);
  if (isHelp || words !== argv || !index.has(id)) return await new PlainHelp(config).show(id);
  const command = await config.findCommand(id, { must: true }).load();
  await command.run([...rest], config);
}

/** `--generate SHELL` of the official command line is `completion SHELL`. */
function officialForm(argv: readonly string[]): readonly string[] {
  const [first = '', shell] = argv;
  if (first === '--generate' && shell !== undefined) return ['completion', ...argv.slice(1)];
  if (first === '--version' || first === '-V') return ['version', ...argv.slice(1)];
  return argv;
}

/** The framework's help with a usage line that does not repeat every flag. */
class ShortUsageHelp extends CommandHelp {
  protected override defaultUsage(): string {
    const args = Object.values(this.command.args).filter(({ hidden }) => hidden !== true);
    const words = args.map(({ name, required }) => {
      const shown = name.toUpperCase();
      return required === true ? shown : `[${shown}]`;
    });
    const rest = this.command.strict === false && args.length > 0 ? ['…'] : [];
    return [this.command.id.replaceAll(':', ' '), ...words, ...rest, '[FLAGS]'].join(' ');
  }
}

/** Help on standard output, without the framework's look-up of a help class. */
class PlainHelp extends Help {
  protected override CommandHelpClass = ShortUsageHelp;

  async show(id: string): Promise<void> {
    await this.showHelp(id.split(':'));
  }
}

function indexOf(config: Config): CommandIndex {
  const ids = new Set(config.commandIDs);
  return {
    has: (id) => ids.has(id),
    isTopic: (id) => [...ids].some((known) => known.startsWith(`${id}:`)),
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

function showRoot(config: Config, rest: readonly string[]): void {
  const odd = rest.find((word) => word.startsWith('-') && !isGlobalFlag(word));
  if (odd !== undefined) {
    const near = nearest(
      odd,
      [...flagShapes().keys()].map((name) => `--${name}`),
    );
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw usageError(`unknown flag ${odd.split('=')[0]}${hint}`, 'iggyctl --help');
  }
  const visible = config.commands.filter(({ hidden }) => !hidden);
  const topics = new Set(visible.flatMap(({ id }) => (id.includes(':') ? [head(id)] : [])));
  const commands = visible
    .filter(({ id }) => !id.includes(':') && !topics.has(id))
    .map(({ id, summary }) => ({ id, summary: summary ?? '' }));
  const style = styleFor(wantsColor(undefined, process.env, process.stdout));
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  process.stdout.write(
    rootHelp([...topics].sort(), commands.sort(byId), { style, width: outputWidth() || 80 }),
  );
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

function head(id: string): string {
  return id.split(':')[0] ?? id;
}

function unknownCommand(id: string, rest: readonly string[], config: Config): Error {
  const path = id.replaceAll(':', ' ');
  const word = rest.find((each) => !each.startsWith('-'));
  const ids = config.commandIDs.map((known) => known.replaceAll(':', ' '));
  const spelled = word === undefined ? path : `${path} ${word}`;
  const topics = [...new Set(ids.map((known) => known.split(' ')[0] ?? ''))];
  const near =
    nearest(spelled, ids) ??
    nearest(path, [...ids, ...topics, ...Object.keys(topicAliases).filter((a) => a.length > 2)]);
  const hint = near === undefined ? '' : `; did you mean: ${near}`;
  return usageError(
    `unknown command: ${isKnown(path, ids) ? spelled : path}${hint}`,
    'iggyctl --help',
  );
}

function isKnown(path: string, ids: readonly string[]): boolean {
  return ids.some((id) => id === path || id.startsWith(`${path} `));
}
