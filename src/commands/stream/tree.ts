import { Args, Flags } from '@oclif/core';
import { streamNotFound } from '../../cli/not-found.js';
import { ServerCommand } from '../../cli/server-command.js';
import { streamFields, topicInStream } from '../../cli/stream/stream-result.js';
import { parseIdentifier } from '../../cli/values.js';
import { humanSize } from '../../render/index.js';
import type { StreamRecord } from '../../wire/index.js';

export default class StreamTree extends ServerCommand<typeof StreamTree> {
  static override summary = 'Draw streams, topics and partitions with their sizes.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> orders --depth 2',
  ];
  static override resultKind = 'stream.list';
  static override args = { stream: Args.string({ description: 'Only this stream.' }) };
  static override flags = {
    depth: Flags.integer({
      summary: '1 streams, 2 topics, 3 partitions.',
      default: 3,
      min: 1,
      max: 3,
    }),
  };

  protected override async execute(): Promise<void> {
    const items = [];
    for (const stream of await this.#streams()) items.push(await this.#stream(stream));
    if (this.out.isJson) {
      const columns = [{ key: 'name', title: 'Name' }];
      return this.out.list({ kind: 'stream', items, columns });
    }
    const lines = items.flatMap((stream) => [
      line(0, stream),
      ...stream.topics.flatMap((topic) => [
        line(1, topic),
        ...topic.partitions.map((partition) =>
          line(2, { ...partition, name: `partition ${partition.id}` }),
        ),
      ]),
    ]);
    this.out.raw(lines.map((each) => `${each}\n`).join(''));
  }

  async #streams(): Promise<readonly StreamRecord[]> {
    if (this.args.stream === undefined) return (await this.call('get_streams', {})).streams;
    const stream_id = parseIdentifier(this.args.stream, 'STREAM');
    const found = await this.call('get_stream', { stream_id });
    if (found === null) throw streamNotFound(stream_id);
    return [found];
  }

  async #stream(stream: StreamRecord) {
    const { depth } = this.flags;
    const { id } = stream;
    const details = depth > 1 ? await this.call('get_stream', { stream_id: id }) : null;
    const topics = [];
    for (const topic of details?.topics ?? []) {
      const whole =
        depth > 2 ? await this.call('get_topic', { stream_id: id, topic_id: topic.id }) : null;
      topics.push({
        ...topicInStream(topic),
        partitions: (whole?.partitions ?? []).map((partition) => ({
          id: partition.id,
          size_bytes: partition.size_bytes,
          messages_count: partition.messages_count,
        })),
      });
    }
    return { ...streamFields(stream), topics };
  }
}

interface TreeNode {
  readonly name: string;
  readonly size_bytes: bigint;
  readonly messages_count: bigint;
}

function line(depth: number, { name, size_bytes, messages_count }: TreeNode): string {
  return `${'  '.repeat(depth)}${name}  ${humanSize(size_bytes)}  ${messages_count} messages`;
}
