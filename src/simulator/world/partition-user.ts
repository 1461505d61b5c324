import { encodeUtf8 } from '../../base/index.js';
import type { CallOutcome } from '../../session/index.js';
import {
  type Codec,
  commands,
  decode,
  encode,
  encodeSendMessages,
  pollHeaderSize,
  readPollReply,
  readSendMessages,
  type SendConfirmation,
} from '../../wire/index.js';
import { messageId } from '../check/partition-history.js';
import type { PollAsked } from '../check/partition-poll.js';
import { type DataKind, type DataPlan, dataKinds } from '../plan/data-plan.js';
import { type Dice, domain } from '../random/draw.js';

/** The stream that holds all topics with data. */
export const dataStream = 'data';
const groupName = 'g';
const theGroup = { kind: 2, id: groupName } as const;

/** Ids of consumers by how their offsets come about: by a quorum, by polls, on one node only. */
export const consumerIds = { quorum: 1, auto: 101, local: 201, each: 4 } as const;

/** A request about partitions, ready to be sent. */
export interface DataCall {
  readonly kind: DataKind | 'ensure';
  readonly topic: number;
  readonly code: number;
  readonly body: Uint8Array;
  /** The batch of a send. */
  readonly batch?: Uint8Array;
  /** What a poll was asked for. */
  readonly asked?: PollAsked;
}

/** What a client is told by a send. */
export type Confirmed = SendConfirmation | undefined;

/** How far a topic is known to be there. */
type Stage = 'stream' | 'topic' | 'group' | 'ready';

interface KnownTopic {
  stage: Stage;
  lastOffset: number;
  lastTime: number;
  /** Partitions the group gave to this client. */
  assigned: readonly number[];
}

interface Made {
  readonly code: number;
  readonly body: Uint8Array;
  readonly batch?: Uint8Array;
  readonly asked?: PollAsked;
}

const strategies = { offset: 1, timestamp: 2, first: 3, last: 4, next: 5 } as const;
/** The target is missing, or part of it. */
const missingCodes: ReadonlySet<number> = new Set([20, 1009, 2010, 3007]);
const takenCodes: ReadonlySet<number> = new Set([1012, 2013, 5004]);
const groupMissing = 5000;

/** A client's use of partitions: makes what it needs, sends, polls, stores offsets, joins groups. */
export class PartitionUser {
  readonly #client: number;
  readonly #plan: DataPlan;
  readonly #dice: Dice;
  readonly #topics: readonly KnownTopic[];
  #call = 0;

  constructor(client: number, plan: DataPlan, dice: Dice) {
    this.#client = client;
    this.#plan = plan;
    this.#dice = dice;
    this.#topics = plan.topics.map(() => {
      return { stage: 'stream', lastOffset: 0, lastTime: 0, assigned: [] };
    });
  }

  /** Whether the next request is about partitions. */
  wants(call: number): boolean {
    this.#call = call;
    return this.#draw(100, 1) < this.#plan.share;
  }

  /** The request with this number. */
  next(call: number): DataCall {
    this.#call = call;
    const topic = this.#draw(this.#topics.length, 2);
    const known = this.#known(topic);
    if (known.stage !== 'ready') return { kind: 'ensure', topic, ...this.#ensure(topic, known) };
    const kind = this.#kind();
    return { kind, topic, ...this.#make(kind, topic, known) };
  }

  /** Takes note of an answer; gives where a batch was confirmed to be. */
  settled({ kind, topic }: DataCall, outcome: CallOutcome): Confirmed {
    const known = this.#known(topic);
    if (kind === 'ensure') this.#advance(known, outcome);
    if (!outcome.ok) {
      if (outcome.failure.kind !== 'server') return undefined;
      const { code } = outcome.failure;
      if (missingCodes.has(code)) known.stage = 'stream';
      if (code === groupMissing) known.stage = 'group';
      return undefined;
    }
    if (outcome.kind !== 'reply') return undefined;
    return this.#learn(kind, known, outcome.reply.payload);
  }

  #known(topic: number): KnownTopic {
    const known = this.#topics[topic];
    if (known === undefined) throw new RangeError(`there is no topic ${topic}`);
    return known;
  }

  #advance(known: KnownTopic, outcome: CallOutcome): void {
    const isTaken =
      !outcome.ok && outcome.failure.kind === 'server' && takenCodes.has(outcome.failure.code);
    if (!outcome.ok && !isTaken) return;
    const order: readonly Stage[] = ['stream', 'topic', 'group', 'ready'];
    known.stage = order[order.indexOf(known.stage) + 1] ?? 'ready';
  }

  #learn(kind: DataCall['kind'], known: KnownTopic, payload: Uint8Array): Confirmed {
    if (kind === 'send' || kind === 'send-balanced' || kind === 'send-key') {
      const { confirmations } = decode(commands.send_messages.response, payload);
      known.lastOffset = Math.max(known.lastOffset, Number(confirmations[0]?.base_offset ?? 0n));
      return confirmations[0];
    }
    if (kind.startsWith('poll') || kind === 'group-poll') {
      if (payload.length < pollHeaderSize) return undefined;
      const { currentOffset, messages } = readPollReply(payload);
      known.lastOffset = currentOffset;
      known.lastTime = messages[0]?.timestamp ?? known.lastTime;
    }
    if (kind === 'sync') {
      const partitions = decode(commands.sync_consumer_group.response, payload)?.partitions;
      known.assigned = partitions ?? [];
    }
    if (kind === 'recreate') known.stage = 'topic';
    return undefined;
  }

  #kind(): DataKind {
    const { weights } = this.#plan;
    let total = 0;
    for (const weight of weights) total += weight;
    let draw = this.#draw(Math.max(1, total), 3);
    for (const [i, kind] of dataKinds.entries()) {
      draw -= weights[i] ?? 0;
      if (draw < 0) return kind;
    }
    return 'send';
  }

  #ensure(topic: number, { stage }: KnownTopic): Made {
    const { partitions, expiry } = this.#plan.topics[topic] ?? { partitions: 1, expiry: 0 };
    if (stage === 'stream') {
      return made(commands.create_stream, { name: dataStream, options: [] });
    }
    const place = placeOf(topic);
    if (stage === 'group')
      return made(commands.create_consumer_group, { ...place, name: groupName });
    const size = { key: 'segment_size', kind: 12, value: 1_048_576n };
    const age = { key: 'message_expiry', kind: 12, value: BigInt(expiry) };
    return made(commands.create_topic, {
      stream_id: dataStream,
      name: topicName(topic),
      partitions_count: partitions,
      options: expiry > 0 ? [size, age] : [size],
    });
  }

  #make(kind: DataKind, topic: number, known: KnownTopic): Made {
    const place = placeOf(topic);
    const partition = this.#partition(topic);
    switch (kind) {
      case 'send':
      case 'send-balanced':
      case 'send-key':
        return this.#send(kind, place, partition);
      case 'get-offset':
        return made(commands.get_consumer_offset, {
          ...place,
          partition_id: partition,
          consumer: this.#consumer(this.#draw(2, 4) === 0 ? 'quorum' : 'auto'),
        });
      case 'store-offset':
      case 'store-local':
      case 'group-store':
        return this.#store(kind, topic, known);
      case 'delete-offset':
        return made(commands.delete_consumer_offset, {
          ...{ ...place, partition_id: partition, consumer: this.#consumer('quorum') },
          ack: 1,
        });
      case 'join':
        return made(commands.join_consumer_group, { ...place, group_id: groupName });
      case 'leave':
        return made(commands.leave_consumer_group, { ...place, group_id: groupName });
      case 'sync':
        return made(commands.sync_consumer_group, { ...place, group_id: groupName });
      case 'purge':
        return made(commands.purge_topic, place);
      case 'recreate':
        return made(commands.delete_topic, place);
      case 'delete-segments': {
        const count = 1 + this.#draw(3, 5);
        return made(commands.delete_segments, {
          ...{ ...place, partition_id: partition, segments_count: count },
        });
      }
      default:
        return this.#poll(kind, topic, known);
    }
  }

  #send(kind: DataKind, place: ReturnType<typeof placeOf>, partition: number): Made {
    const { batch: most, payload: largest } = this.#plan;
    const count = 1 + this.#draw(most, 6);
    const messages = Array.from({ length: count }, (_, i) => {
      const size = this.#draw(largest + 1, 7, i);
      const payload = new Uint8Array(size).fill(this.#draw(256, 8, i));
      const id = messageId(this.#client, this.#call, i);
      return { id, payload, originTimestamp: BigInt(1000 + i) };
    });
    const key = encodeUtf8(`k${this.#draw(8, 9)}`);
    const partitioning =
      kind === 'send-balanced'
        ? ({ kind: 1 } as const)
        : kind === 'send-key'
          ? ({ kind: 3, value: key } as const)
          : ({ kind: 2, value: partition } as const);
    const body = encodeSendMessages({ ...place, partitioning }, messages);
    return { code: commands.send_messages.code, body, batch: readSendMessages(body).batch };
  }

  #poll(kind: DataKind, topic: number, known: KnownTopic): Made {
    const isGroup = kind === 'group-poll';
    const name = isGroup || kind === 'poll-auto' ? 'next' : kind.slice('poll-'.length);
    const strategy = isStrategy(name) ? name : 'first';
    const value =
      strategy === 'offset'
        ? this.#draw(known.lastOffset + 3, 10)
        : strategy === 'timestamp'
          ? known.lastTime + this.#draw(3, 11) - 1
          : 0;
    const count = 1 + this.#draw(40, 12);
    const asked = { strategy, value: Math.max(0, value), count };
    const id = isGroup ? theGroup : this.#consumer(kind === 'poll-auto' ? 'auto' : 'quorum');
    const body = encode(commands.poll_messages.request, {
      ...placeOf(topic),
      consumer: id,
      partition_id: isGroup ? this.#ownPartition(topic, known) : this.#partition(topic),
      strategy: { kind: strategies[strategy], value: BigInt(asked.value) },
      count,
      auto_commit: kind === 'poll-auto',
    });
    return { code: commands.poll_messages.code, body, asked };
  }

  #store(kind: DataKind, topic: number, known: KnownTopic): Made {
    const isGroup = kind === 'group-store';
    return made(commands.store_consumer_offset, {
      ...placeOf(topic),
      partition_id: isGroup ? this.#ownPartition(topic, known) : this.#partition(topic),
      consumer: isGroup ? theGroup : this.#consumer(kind === 'store-local' ? 'local' : 'quorum'),
      offset: BigInt(this.#draw(known.lastOffset + 2, 13)),
      ack: kind === 'store-local' ? 0 : 1,
    });
  }

  #consumer(how: 'quorum' | 'auto' | 'local') {
    return { kind: 1, id: consumerIds[how] + this.#draw(consumerIds.each, 14) } as const;
  }

  #partition(topic: number): number {
    return this.#draw(this.#plan.topics[topic]?.partitions ?? 1, 15);
  }

  #ownPartition(topic: number, { assigned }: KnownTopic): number {
    return assigned[this.#draw(Math.max(1, assigned.length), 16)] ?? this.#partition(topic);
  }

  #draw(n: number, salt: number, part = 0): number {
    return this.#dice.below(n, domain.data, this.#client, this.#call, salt + 64 * part);
  }
}

/** Name of a topic with data. */
export function topicName(topic: number): string {
  return `p${topic}`;
}

function placeOf(topic: number) {
  return { stream_id: dataStream, topic_id: topicName(topic) };
}

function made<T>(command: { readonly code: number; readonly request: Codec<T> }, value: T): Made {
  return { code: command.code, body: encode(command.request, value) };
}

function isStrategy(name: string): name is keyof typeof strategies {
  return name in strategies;
}
