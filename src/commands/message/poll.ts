import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import {
  messageColumns,
  messageFields,
  type PayloadForm,
} from '../../cli/message/message-result.js';
import { topicNotFound } from '../../cli/not-found.js';
import { ServerCommand } from '../../cli/server-command.js';
import { refuseMore, type TopicTarget, takeTopic } from '../../cli/topic/topic-target.js';
import { parseIdentifier, parseInteger } from '../../cli/values.js';
import type { PollStart } from '../../client/index.js';

export default class MessagePoll extends ServerCommand<typeof MessagePoll> {
  static override summary = 'Read messages of a topic, from one partition or all.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders --first -n 3',
    '<%= config.bin %> <%= command.id %> shop/orders/0 --offset 100 --json',
  ];
  static override resultKind = 'message.list';
  static override strict = false;
  static override args = {
    stream: Args.string({ description: 'Stream, or STREAM/TOPIC[/PARTITION].' }),
    topic: Args.string({ description: 'Topic, by name or id.' }),
    partition: Args.string({ description: 'Partition; all by default.' }),
  };
  static override flags = {
    partition: Flags.string({ summary: 'Partition, or all.' }),
    offset: Flags.string({ summary: 'Start at this offset.', helpValue: 'N' }),
    first: Flags.boolean({ summary: 'Start at the first message (default).' }),
    last: Flags.boolean({ summary: 'The last messages.' }),
    next: Flags.boolean({ summary: 'Go on after the stored offset.' }),
    count: Flags.integer({ char: 'n', summary: 'Messages at most.', default: 10, min: 1 }),
    consumer: Flags.string({ char: 'c', summary: 'Consumer whose offset counts.', default: '0' }),
    group: Flags.string({ char: 'g', summary: 'Read as a member of a consumer group.' }),
    commit: Flags.boolean({ summary: 'Store the offset of what was read.' }),
    payload: Flags.string({
      summary: 'Form of the payload.',
      options: ['auto', 'utf8', 'hex', 'base64'],
      default: 'auto',
    }),
  };

  protected override async execute(): Promise<void> {
    const { target, rest } = takeTopic(this.words);
    refuseMore(rest.slice(1));
    const { decodeUserHeaders } = await import('../../wire/index.js');
    const items = [];
    const partitions = await this.#partitions(target, rest[0] ?? this.flags.partition);
    for (const partition of partitions) {
      const left = this.flags.count - items.length;
      if (left <= 0) break;
      const { partitionId, messages } = await this.#poll(target, partition, left);
      const [stream, topic] = [String(target.stream_id), String(target.topic_id)];
      const place = { stream, topic, partition: partitionId };
      items.push(
        ...messages.map((each) => messageFields(place, each, decodeUserHeaders(each.userHeaders))),
      );
    }
    this.out.list({
      kind: 'message',
      items,
      columns: messageColumns(this.flags.payload as PayloadForm),
      nameKey: 'offset',
      idKey: 'offset',
      empty: 'no messages',
    });
  }

  async #poll(target: TopicTarget, partition: number | undefined, count: number) {
    const client = await this.client();
    const { group, consumer, commit } = this.flags;
    const place = {
      ...{ stream: target.stream_id, topic: target.topic_id },
      ...{ from: this.#start(), count, autoCommit: commit },
      ...(partition === undefined ? {} : { partition }),
    };
    const call = { signal: this.signal };
    if (group === undefined) {
      const reader = { consumer: parseIdentifier(consumer, '--consumer') };
      return client.messages.poll({ ...place, ...reader }, call);
    }
    const reader = { group: parseIdentifier(group, '--group') };
    await client.groups.join({ stream: target.stream_id, topic: target.topic_id, ...reader }, call);
    return client.messages.poll({ ...place, ...reader }, call);
  }

  /** Partitions to read; one unnamed one for a group, which has its own. */
  async #partitions(target: TopicTarget, text: string | undefined) {
    if (text !== undefined && text !== 'all') {
      return [parseInteger(text, 'PARTITION', 0, 0xffff_ffff)];
    }
    if (this.flags.group !== undefined) return [undefined];
    const found = await this.call('get_topic', target);
    if (found === null) throw topicNotFound(target.stream_id, target.topic_id);
    return found.partitions.map((each) => each.id);
  }

  #start(): PollStart {
    const { offset, first, last, next } = this.flags;
    const given = [offset !== undefined, first, last, next].filter((each) => each === true);
    if (given.length > 1) throw usageError('give one of --offset, --first, --last and --next');
    if (offset !== undefined) {
      return { offset: parseInteger(offset, '--offset', 0, Number.MAX_SAFE_INTEGER) };
    }
    if (last) return 'last';
    return next ? 'next' : 'first';
  }
}
