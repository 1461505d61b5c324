import { Args, Flags } from '@oclif/core';
import { openExport, requireNew } from '../../cli/message/export-file.js';
import { compileMessageFilter } from '../../cli/message/message-filter.js';
import { compileFormat } from '../../cli/message/message-format.js';
import {
  type MessageFields,
  messageColumns,
  messageFields,
  type PayloadForm,
  parseShow,
  payloadBytes,
} from '../../cli/message/message-result.js';
import { readerFlags, readerShorts, startFlags } from '../../cli/message/read-plan.js';
import { startOf } from '../../cli/message/read-start.js';
import { listText } from '../../cli/output/formats.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic, whatIsMissing } from '../../cli/topic/topic-lookup.js';
import {
  parsePartition,
  refuseMore,
  type TopicTarget,
  takeTopic,
  topicArgs,
} from '../../cli/topic/topic-target.js';
import { parseIdentifier } from '../../cli/values.js';

export default class MessagePoll extends ServerCommand<typeof MessagePoll> {
  static override summary = 'Read messages of a topic, from one partition or all.';
  static override description = 'Without a start it begins at the first message.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders --first -n 3',
    '<%= config.bin %> <%= command.id %> shop/orders/0 --offset 100 --json',
    '<%= config.bin %> <%= command.id %> shop orders --tail 5 --filter "payload ~ paid" --show headers',
  ];
  static override resultKind = 'message.list';
  static override strict = false;
  static override oldShorts = readerShorts;
  static override args = {
    ...topicArgs,
    partition: Args.string({ description: 'Partition; all by default.' }),
  };
  static override flags = {
    ...readerFlags,
    ...startFlags,
    tail: Flags.integer({ summary: 'The last messages of the topic.', helpValue: 'N', min: 1 }),
    count: Flags.integer({ char: 'n', summary: 'Messages at most.', default: 10, min: 1 }),
    out: Flags.string({ summary: 'Write to a new file.', helpValue: 'FILE' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const { target, rest } = takeTopic(this.words);
    refuseMore(rest.slice(1));
    startOf(flags);
    const { out } = flags;
    // Before anything is polled: with --commit it would not be seen again.
    if (out !== undefined) requireNew(out, flags.yes);
    const writer = out === undefined ? this.out : this.out.forFile();
    const form = flags.payload as PayloadForm;
    const keep = compileMessageFilter(flags.filter);
    const columns = messageColumns(form, parseShow(flags.show), writer.options.width);
    if (parseShow(flags.show).includes('key')) {
      this.warning('servers do not store keys: they only choose the partition');
    }
    const format = flags.format === undefined ? undefined : compileFormat(flags.format, form);
    const polled = await this.#pollAll(target, rest[0] ?? flags.partition);
    const items = keep === undefined ? polled : polled.filter(keep);
    const list = { kind: 'message', items, columns, nameKey: 'offset', idKey: 'offset' };
    const ownLines = this.out.isJson ? undefined : format;
    const write = ownLines ?? (form === 'raw' && !this.out.isJson ? payloadBytes : undefined);
    if (write === undefined && out === undefined) {
      return this.out.list({ ...list, empty: 'no messages' });
    }
    const data =
      write === undefined ? listText(list, writer.options) : Buffer.concat(items.map(write));
    await this.#write(data, items.length);
  }

  async #write(data: string | Uint8Array, count: number): Promise<void> {
    const { out, yes } = this.flags;
    if (out === undefined) {
      this.out.raw(data);
      return;
    }
    const file = openExport(out, yes);
    await file.write(data);
    await file.end();
    this.notice(`${count} messages in ${out}`);
  }

  async #pollAll(target: TopicTarget, partition: string | undefined): Promise<MessageFields[]> {
    const { tail } = this.flags;
    const { decodeUserHeaders } = await import('../../wire/index.js');
    const wanted = tail ?? this.flags.count;
    const items: MessageFields[] = [];
    for (const id of await this.#partitions(target, partition)) {
      const left = tail ?? wanted - items.length;
      if (left <= 0) break;
      const { partitionId, messages } = await this.#poll(target, id, left);
      const [stream, topic] = [String(target.stream_id), String(target.topic_id)];
      const place = { stream, topic, partition: partitionId };
      items.push(
        ...messages.map((each) => messageFields(place, each, decodeUserHeaders(each.userHeaders))),
      );
    }
    if (tail === undefined) return items;
    // Sorting is stable: messages of one time stay in the order of their offsets.
    items.sort((a, b) => compareText(a.timestamp ?? '', b.timestamp ?? ''));
    return items.slice(-tail);
  }

  async #poll(target: TopicTarget, partition: number | undefined, count: number) {
    const client = await this.client();
    const { group, consumer, commit } = this.flags;
    const place = {
      ...{ stream: target.stream_id, topic: target.topic_id },
      ...{ from: startOf(this.flags), count, autoCommit: commit },
      ...(partition === undefined ? {} : { partition }),
    };
    const call = { signal: this.signal };
    const id = group === undefined ? undefined : parseIdentifier(group, '--group');
    try {
      if (id === undefined) {
        const reader = { consumer: parseIdentifier(consumer, '--consumer') };
        return await client.messages.poll({ ...place, ...reader }, call);
      }
      const { stream, topic } = place;
      await client.groups.join({ stream, topic, group: id }, call);
      return await client.messages.poll({ ...place, group: id }, call);
    } catch (error) {
      throw await whatIsMissing(error, client, { ...target, partition, group: id });
    }
  }

  /** Partitions to read; one unnamed one for a group, which has its own. */
  async #partitions(target: TopicTarget, text: string | undefined) {
    if (text !== undefined && text !== 'all') return [parsePartition(text)];
    if (this.flags.group !== undefined) return [undefined];
    const found = await existingTopic(await this.client(), target, this.signal);
    return found.partitions.map((each) => each.id);
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
