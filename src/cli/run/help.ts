import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandHelp, Config, Help, type Interfaces } from '@oclif/core';
import { styleFor } from '../../render/index.js';
import { readTree } from '../completion/tree.js';
import { topicSummaries } from './aliases.data.js';
import { rootHelp } from './root-help.js';
import { outputWidth, wantsColor } from './terminal.js';

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

  // The framework would say of a topic what its first command does.
  protected override async showTopicHelp(topic: Interfaces.Topic): Promise<void> {
    const description = topicSummaries[topic.name.replaceAll(' ', ':')];
    await super.showTopicHelp(description === undefined ? topic : { ...topic, description });
  }
}

/**
 * Prints the help of a command or of a topic.
 *
 * @param root - any file URL inside the package, from which package.json and the manifest are found.
 * @param sendToStderr - for a command that was called without what it needs
 */
export async function showHelp(id: string, root: string, sendToStderr = false): Promise<void> {
  // The build keeps the commands of each topic by themselves: reading all takes longer than the help.
  const topic = fileURLToPath(new URL(`dist/help/${head(id)}/package.json`, root));
  const config = await Config.load(existsSync(topic) ? topic : fileURLToPath(root));
  await new PlainHelp(config, { sendToStderr }).showHelp(id.split(':'));
}

/** Prints one screen about everything there is. */
export async function showRootHelp(root: string): Promise<void> {
  const tree = readTree();
  const visible = tree === undefined ? await visibleOf(root) : Object.keys(tree.commands);
  const topics = new Set(visible.flatMap((id) => (id.includes(':') ? [head(id)] : [])));
  const commands = visible.filter((id) => !id.includes(':') && !topics.has(id));
  const style = styleFor(wantsColor(undefined, process.env, process.stdout));
  const width = outputWidth() || 80;
  process.stdout.write(rootHelp([...topics].sort(), commands.sort(), { style, width }));
}

async function visibleOf(root: string): Promise<readonly string[]> {
  const { commands } = await Config.load(fileURLToPath(root));
  return commands.filter(({ hidden }) => !hidden).map(({ id }) => id);
}

function head(id: string): string {
  return id.split(':')[0] ?? id;
}
