import { Flags } from '@oclif/core';
import { streamArg } from '../../cli/args.js';
import { counted } from '../../cli/counted.js';
import { mutationFlags } from '../../cli/flags.js';
import { streamNotFound } from '../../cli/not-found.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { parseIdentifier } from '../../cli/values.js';

export default class StreamDelete extends ServerCommand<typeof StreamDelete> {
  static override summary = 'Delete a stream with everything in it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> orders --yes',
    '<%= config.bin %> <%= command.id %> orders --dry-run',
  ];
  static override resultKind = 'change';
  static override args = { stream: streamArg };
  static override flags = {
    ...mutationFlags,
    'if-exists': Flags.boolean({ summary: 'Succeed when there is no such stream.' }),
  };

  protected override async execute(): Promise<void> {
    const { stream } = this.args;
    const stream_id = parseIdentifier(stream, 'STREAM');
    if (!this.isDryRun) {
      const found = await this.call('get_stream', { stream_id });
      if (found === null && !this.flags['if-exists']) throw streamNotFound(stream_id);
      if (found === null) return this.#report(false, `there is no stream ${stream}`);
      const { topics_count: topics, messages_count: messages } = found;
      await this.confirm(
        `Delete stream "${found.name}" with ${counted(topics, 'topic')} and ${counted(messages, 'message')}?`,
      );
    }
    const { raw } = await this.mutate('delete_stream', { stream_id });
    this.#report(true, `stream ${stream} was deleted`, raw);
  }

  #report(changed: boolean, text: string, raw?: Parameters<typeof changeResult>[0]['raw']): void {
    const action = 'stream.delete';
    this.out.object(changeResult({ action, target: this.args.stream, changed, text, raw }));
  }
}
