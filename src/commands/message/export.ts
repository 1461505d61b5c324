import { Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { openExport } from '../../cli/message/export-file.js';
import { toFileBytes } from '../../cli/message/iggy-file.js';
import { messageFields } from '../../cli/message/message-result.js';
import { Progress } from '../../cli/message/progress.js';
import { readRange } from '../../cli/message/read-range.js';
import { parseStart } from '../../cli/message/read-start.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import {
  parsePartition,
  refuseMore,
  type TopicTarget,
  takeTopic,
  topicArgs,
} from '../../cli/topic/topic-target.js';
import { humanDuration, humanSize, toNdjsonLine } from '../../render/index.js';
import { decodeUserHeaders, type StoredMessage } from '../../wire/index.js';

export default class MessageExport extends ServerCommand<typeof MessageExport> {
  static override summary = 'Copy messages of a topic to a file.';
  static override description =
    'ndjson has one message a line, as message poll --json; iggy is the poll file of the official ' +
    'command line. With --out - the messages go to standard output.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders --out orders.ndjson',
    '<%= config.bin %> <%= command.id %> shop/orders/0 --format iggy --out orders.bin --from -1h',
  ];
  static override resultKind = 'message.export';
  static override strict = false;
  static override args = topicArgs;
  static override flags = {
    out: Flags.string({ summary: 'File to write, or -.', helpValue: 'FILE|-', required: true }),
    format: Flags.string({ summary: 'Form.', options: ['ndjson', 'iggy'], default: 'ndjson' }),
    partition: Flags.string({ summary: 'Partition, or all.' }),
    from: Flags.string({ summary: 'Where to start.', helpValue: 'OFFSET|TIME' }),
    to: Flags.string({ summary: 'Where to end, included.', helpValue: 'OFFSET|TIME' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const { target, label, rest } = takeTopic(this.words);
    refuseMore(rest.slice(1));
    const text = rest[0] ?? flags.partition;
    const range = {
      ...{ target, signal: this.signal },
      partition: text === undefined || text === 'all' ? undefined : parsePartition(text),
      from: flags.from === undefined ? ('first' as const) : parseStart(flags.from, '--from'),
      to: endOf(flags.to),
    };
    const started = performance.now();
    const client = await this.client();
    const topic = await existingTopic(client, target, this.signal);
    const file = openExport(flags.out, flags.yes);
    const progress = new Progress({ isOff: flags.quiet || this.out.isJson });
    this.onEnd(() => progress.stop());
    let count = 0;
    let size = 0;
    try {
      for await (const { partition, message } of readRange(client, topic, range)) {
        const bytes = this.#encode(target, partition, message);
        count += 1;
        size += bytes.length;
        if (count % 1000 === 0) progress.tell(`${count} messages of ${label}`);
        await file.write(bytes);
      }
    } finally {
      await file.end();
    }
    progress.stop();
    const took = Math.max(1, Math.round((performance.now() - started) * 1000));
    if (flags.out === '-') return this.notice(`${count} messages, ${humanSize(size)}`);
    this.out.object({
      kind: 'message.export',
      name: count,
      value: {
        ...{ stream: String(target.stream_id), topic: String(target.topic_id) },
        ...{ format: flags.format, path: flags.out, messages_count: BigInt(count) },
        ...{ size_bytes: BigInt(size), took_us: took },
      },
      pairs: [
        { label: 'File', value: flags.out },
        { label: 'Format', value: flags.format },
        { label: 'Messages', value: count },
        { label: 'Size', value: humanSize(size) },
        { label: 'Took', value: humanDuration(took) },
      ],
    });
  }

  #encode(target: TopicTarget, partition: number, message: StoredMessage): Uint8Array {
    if (this.flags.format === 'iggy') return toFileBytes(message);
    const place = { stream: String(target.stream_id), topic: String(target.topic_id), partition };
    const fields = messageFields(place, message, decodeUserHeaders(message.userHeaders));
    return Buffer.from(toNdjsonLine({ kind: 'message', v: 1, ...fields }));
  }
}

function endOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const end = parseStart(text, '--to');
  if (typeof end === 'string') throw usageError('--to: give an offset or a time');
  return 'offset' in end
    ? { offset: BigInt(end.offset) }
    : { timestampMicros: BigInt(end.timestampMicros) };
}
