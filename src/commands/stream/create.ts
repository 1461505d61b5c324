import { Args, Flags } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { streamResult } from '../../cli/stream/stream-result.js';

import { optionsOf } from '../../cli/topic/option-values.js';

export default class StreamCreate extends ServerCommand<typeof StreamCreate> {
  static override summary = 'Create a stream; the server gives it an id.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> orders',
    '<%= config.bin %> <%= command.id %> orders --if-not-exists --json',
  ];
  static override resultKind = 'change';
  static override args = {
    name: Args.string({ required: true, description: 'Name of the stream.' }),
  };
  static override flags = {
    ...mutationFlags,
    set: Flags.string({
      summary: 'An option of iggyctl options stream.',
      helpValue: 'KEY=VALUE',
      multiple: true,
    }),
    'if-not-exists': Flags.boolean({ summary: 'Succeed when there is one already.' }),
  };

  protected override async execute(): Promise<void> {
    const { name } = this.args;
    if (this.flags['if-not-exists'] && !this.isDryRun) {
      const found = await this.call('get_stream', { stream_id: name });
      if (found !== null) {
        const text = `stream "${name}" is there already`;
        this.out.object(
          changeResult({
            action: 'stream.create',
            target: name,
            changed: false,
            text,
            id: found.id,
          }),
        );
        return;
      }
    }
    const options = await optionsOf(this.flags.set ?? [], 'stream', () => this.client());
    const { value, raw } = await this.mutate('create_stream', { name, options });
    const { pairs = [], value: after } = streamResult(value);
    const change = { action: 'stream.create', target: name, changed: true, text: '' };
    this.out.object({ ...changeResult({ ...change, id: value.id, after, raw }), pairs });
  }
}
