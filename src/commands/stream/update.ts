import { Args } from '@oclif/core';
import { streamArg } from '../../cli/args.js';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { parseIdentifier } from '../../cli/values.js';

export default class StreamUpdate extends ServerCommand<typeof StreamUpdate> {
  static override summary = 'Give a stream another name.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> orders orders-2026',
    '<%= config.bin %> <%= command.id %> 1 orders --dry-run',
  ];
  static override resultKind = 'change';
  static override args = {
    stream: streamArg,
    name: Args.string({ required: true, description: 'The new name.' }),
  };
  static override flags = { ...mutationFlags };

  protected override async execute(): Promise<void> {
    const { stream, name } = this.args;
    const stream_id = parseIdentifier(stream, 'STREAM');
    const { raw } = await this.mutate('update_stream', { stream_id, name, options: [] });
    const text = `stream ${stream} is now called "${name}"`;
    const after = { name };
    this.out.object(
      changeResult({ action: 'stream.update', target: stream, changed: true, text, after, raw }),
    );
  }
}
