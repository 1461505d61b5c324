import { CommandHelp, Help, type Interfaces } from '@oclif/core';
import { styleFor } from '../../render/index.js';
import { readTree } from '../completion/tree.js';
import { topicSummaries } from './aliases.data.js';
import { HelpConfig } from './help-config.js';
import { filled, wrappedWords } from './help-text.js';
import { rootHelp } from './root-help.js';
import { outputWidth, wantsColor } from './terminal.js';

/** The framework's help of a command with a usage line that does not repeat every flag. */
class ShortUsageHelp extends CommandHelp {
  constructor(...from: ConstructorParameters<typeof CommandHelp>) {
    super(...from);
    const [command, { bin }] = from;
    const template = this.render;
    this.render = (text) => filled(text, { bin, command: command.id }, template);
  }

  override wrap(body: string, spacing = this.indentSpacing): string {
    return (
      wrappedWords(this.render(body), this.opts.maxWidth - spacing) ?? super.wrap(body, spacing)
    );
  }

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

  constructor(config: HelpConfig, opts: Partial<Interfaces.HelpOptions>) {
    super(config, opts);
    const template = this.render;
    this.render = (text) => filled(text, { bin: config.bin, command: undefined }, template);
  }

  override wrap(body: string, spacing = this.indentSpacing): string {
    return (
      wrappedWords(this.render(body), this.opts.maxWidth - spacing) ?? super.wrap(body, spacing)
    );
  }

  /** Help of a command, else of a topic. */
  async show(config: HelpConfig, id: string): Promise<void> {
    const command = config.command(id);
    if (command !== undefined) return await this.showCommandHelp(command);
    const topic = config.topic(id);
    if (topic !== undefined) await this.showTopicHelp(topic);
  }

  // The framework would say of a topic what its first command does.
  protected override async showTopicHelp(topic: Interfaces.Topic): Promise<void> {
    const description = topicSummaries[topic.name.replaceAll(' ', ':')];
    await super.showTopicHelp(description === undefined ? topic : { ...topic, description });
  }
}

/**
 * Prints the help of a command or of a topic that exists.
 *
 * @param root - any file URL inside the package, from which what the build wrote for help is found.
 * @param sendToStderr - for a command that was called without what it needs
 */
export async function showHelp(id: string, root: string, sendToStderr = false): Promise<void> {
  const config = new HelpConfig(root, head(id));
  await new PlainHelp(config, { sendToStderr }).show(config, id);
}

/** Prints one screen about everything there is. */
export function showRootHelp(root: string): void {
  const tree = readTree();
  const visible = tree === undefined ? visibleOf(root) : Object.keys(tree.commands);
  const topics = new Set(visible.flatMap((id) => (id.includes(':') ? [head(id)] : [])));
  const commands = visible.filter((id) => !id.includes(':') && !topics.has(id));
  const style = styleFor(wantsColor(undefined, process.env, process.stdout));
  const width = outputWidth() || 80;
  process.stdout.write(rootHelp([...topics].sort(), commands.sort(), { style, width }));
}

function visibleOf(root: string): readonly string[] {
  const { commands } = new HelpConfig(root);
  return commands.filter(({ hidden }) => !hidden).map(({ id }) => id);
}

function head(id: string): string {
  return id.split(':')[0] ?? id;
}
