import { Args } from '@oclif/core';
import { ServerCommand } from '../cli/server-command.js';
import { boundsOf, optionDefault } from '../cli/system/option-view.js';
import { valueKindName } from '../wire/index.js';

export default class Options extends ServerCommand<typeof Options> {
  static override summary = 'List the options that topics, streams or users can be made with.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> topic',
    '<%= config.bin %> <%= command.id %> topic --json',
  ];
  static override resultKind = 'option.list';
  static override args = {
    scope: Args.string({
      required: true,
      options: ['topic', 'stream', 'user'],
      description: 'What the options belong to.',
    }),
  };

  protected override async execute(): Promise<void> {
    const { scope } = this.args;
    const known = scope === 'topic' || scope === 'stream' ? scope : 'user';
    const entries = await (await this.client()).system.describeOptions(known, {
      signal: this.signal,
    });
    this.out.list({
      kind: 'option',
      items: entries.map(({ key, kind, default: value, description }) => ({
        ...{ scope: known, key, kind: valueKindName(kind) },
        ...{ default: optionDefault(value), bounds: boundsOf(key), description },
      })),
      nameKey: 'key',
      spare: ['kind', 'bounds'],
      empty: `${known}s accept no options yet`,
      columns: [
        { key: 'key', title: 'Key' },
        { key: 'kind', title: 'Kind' },
        { key: 'default', title: 'Default' },
        { key: 'bounds', title: 'Bounds' },
        { key: 'description', title: 'Description' },
      ],
    });
  }
}
