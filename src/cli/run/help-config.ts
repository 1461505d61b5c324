import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, Config, type Interfaces } from '@oclif/core';

/**
 * The framework's configuration as far as help asks for it: commands and topics, from what the build wrote
 * down of them. The framework's own way loads plugins and their packages first.
 */
export class HelpConfig extends Config {
  readonly #commands = new Map<string, Command.Loadable>();
  readonly #topics = new Map<string, Interfaces.Topic>();

  /**
   * @param topic - first word of the commands that are wanted; absent = all.
   * @param root - any file URL inside the package
   */
  constructor(root: string, topic?: string) {
    super({ root });
    this.bin = 'iggyctl';
    this.topicSeparator = ' ';
    this.pjson = { name: 'iggyctl', version: '', oclif: {} };
    for (const [id, command] of Object.entries(commandsOf(root, topic))) {
      // Help never runs what it is about.
      this.#commands.set(id, { ...command, load: () => Promise.reject(new Error(id)) });
      if (command.hidden) continue;
      const description = command.summary ?? command.description;
      for (let name = id; name !== ''; name = above(name)) {
        if (!this.#topics.has(name)) this.#topics.set(name, { name, description });
      }
    }
  }

  override get commands(): Command.Loadable[] {
    return [...this.#commands.values()];
  }

  override get commandIDs(): string[] {
    return [...this.#commands.keys()];
  }

  override get topics(): Interfaces.Topic[] {
    return [...this.#topics.values()];
  }

  command(id: string): Command.Loadable | undefined {
    return this.#commands.get(id);
  }

  topic(id: string): Interfaces.Topic | undefined {
    return this.#topics.get(id);
  }
}

/** The build keeps the commands of each topic by themselves: reading all takes longer than the help. */
function commandsOf(root: string, topic: string | undefined): Record<string, Command.Cached> {
  const own = fileURLToPath(new URL(`dist/help/${topic ?? ''}.json`, root));
  const all = fileURLToPath(new URL('oclif.manifest.json', root));
  const text = readFileSync(topic !== undefined && existsSync(own) ? own : all, 'utf8');
  // Written by the build of this package.
  return (JSON.parse(text) as { commands: Record<string, Command.Cached> }).commands;
}

function above(id: string): string {
  return id.split(':').slice(0, -1).join(':');
}
