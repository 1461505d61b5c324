import { streamArg } from '../../cli/args.js';
import { streamNotFound } from '../../cli/not-found.js';
import { ServerCommand } from '../../cli/server-command.js';
import { streamResult, topicInStream } from '../../cli/stream/stream-result.js';
import { parseIdentifier } from '../../cli/values.js';

export default class StreamGet extends ServerCommand<typeof StreamGet> {
  static override summary = 'Show one stream.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> orders',
    '<%= config.bin %> <%= command.id %> 1 --json',
  ];
  static override resultKind = 'stream';
  static override args = { stream: streamArg };

  protected override async execute(): Promise<void> {
    const stream = parseIdentifier(this.args.stream, 'STREAM');
    const found = await this.call('get_stream', { stream_id: stream });
    if (found === null) throw streamNotFound(stream);
    this.out.object(streamResult(found, { topics: found.topics.map(topicInStream) }));
  }
}
