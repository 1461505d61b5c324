import { Flags } from '@oclif/core';
import { listFlags } from '../../cli/flags.js';
import { matchesGlob } from '../../cli/glob.js';
import { ServerCommand } from '../../cli/server-command.js';
import { streamColumns, streamFields } from '../../cli/stream/stream-result.js';

export default class StreamList extends ServerCommand<typeof StreamList> {
  static override summary = 'List all streams.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --name "orders*" --sort messages_count:desc --json',
  ];
  static override resultKind = 'stream.list';
  static override flags = {
    ...listFlags,
    name: Flags.string({ summary: 'Only names that match.', helpValue: 'GLOB' }),
  };

  protected override async execute(): Promise<void> {
    const { streams } = await this.call('get_streams', {});
    const { name } = this.flags;
    const shown = streams.filter((each) => name === undefined || matchesGlob(each.name, name));
    this.out.list({
      kind: 'stream',
      items: shown.map(streamFields),
      columns: streamColumns,
      empty: 'no streams',
    });
  }
}
