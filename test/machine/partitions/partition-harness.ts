import { encodeUtf8, getU32 } from '../../../src/base/index.js';
import {
  autoCommitClient,
  CacheBudget,
  type LogEntry,
  type MessageCipher,
  openPartition,
  type PartitionConfig,
  type PartitionDamage,
  type PartitionEffect,
  type PartitionInfo,
  type PartitionMachine,
  type PollStart,
} from '../../../src/machine/index.js';
import {
  ackLevel,
  commands,
  decode,
  encode,
  encodeSendMessages,
  type NewMessage,
  Operation,
  readPollReply,
  type StoredMessage,
  xxh3,
} from '../../../src/wire/index.js';
import { MetadataHarness } from '../metadata/metadata-harness.js';
import { FakeStore } from './fake-store.js';

type Settings = PartitionConfig['settings'];

const never = 0xffff_ffff_ffff_ffffn;

const defaultSettings: Settings = {
  segmentSize: 1_048_576,
  enforceFsync: false,
  messagesRequiredToSave: 1_024,
  sizeOfMessagesRequiredToSave: 1_048_576,
  preallocateSegments: false,
  messageExpiry: never,
  maxTopicSize: never,
};

export interface HarnessOptions {
  readonly store?: FakeStore;
  readonly settings?: Partial<Settings>;
  readonly ack?: 'fsync' | 'memory';
  readonly offsetFrontier?: number;
  readonly journaledFrom?: number;
  readonly cacheBytes?: number;
  readonly cipher?: MessageCipher;
  readonly hasPeers?: boolean;
  readonly isJournalWhole?: boolean;
  /** Leave effects unanswered until `settle` is called. */
  readonly manual?: boolean;
}

export type Sent =
  | { readonly status: number }
  | { readonly confirmed: { readonly partition: number; readonly base: number } | 'nothing' };

/** One partition with its metadata, log and files; entries are committed as soon as admitted. */
export class PartitionHarness {
  readonly metadata = new MetadataHarness();
  readonly log: LogEntry[] = [];
  readonly replies: Uint8Array[] = [];
  store: FakeStore;
  machine: PartitionMachine;
  now = 1_000_000;
  flushedOp = 0;
  frontier = 0;
  installed: boolean | undefined;
  readonly told: PartitionEffect[] = [];
  readonly #options: HarnessOptions;

  constructor(options: HarnessOptions = {}) {
    this.#options = options;
    this.metadata.createStream('s');
    this.metadata.createTopic('s', 't', 1);
    this.store = options.store ?? new FakeStore();
    this.frontier = options.offsetFrontier ?? 0;
    this.machine = this.#open();
    if (options.manual !== true) this.settle();
  }

  get info(): PartitionInfo {
    const info = this.metadata.machine.partition(0, 0, 0);
    if (info === undefined) throw new Error('the partition is gone');
    return info;
  }

  config(): PartitionConfig {
    const { settings, ack = 'fsync', cacheBytes, journaledFrom, cipher } = this.#options;
    const { hasPeers = false, isJournalWhole = false } = this.#options;
    return {
      address: this.info,
      settings: { ...defaultSettings, ...settings },
      partitionsCount: this.info.partitionsCount,
      ack,
      hasPeers,
      isJournalWhole,
      store: this.store,
      cache: new CacheBudget(cacheBytes),
      counters: this.info.counters,
      purgeGeneration: this.info.purgeGeneration,
      deletedUpToOffset: this.info.deletedUpToOffset,
      offsetFrontier: this.frontier,
      ...(journaledFrom === undefined ? {} : { journaledFrom }),
      ...(cipher === undefined ? {} : { cipher }),
    };
  }

  #open(journaledFrom?: number): PartitionMachine {
    const config = this.config();
    const opened = openPartition(
      journaledFrom === undefined ? config : { ...config, journaledFrom },
    );
    if (opened.kind === 'damaged') throw new Error(`damaged: ${opened.file}: ${opened.reason}`);
    return opened.machine;
  }

  /** Answers effects until there are none; those of the replica are remembered. */
  settle(): void {
    for (;;) {
      const effects = this.machine.takeEffects();
      if (effects.length === 0) return;
      for (const effect of effects) {
        this.told.push(effect);
        this.store.perform(effect);
        if (effect.kind === 'flushed') this.flushedOp = effect.op;
        if (effect.kind === 'installed') this.installed = effect.ok;
        if (effect.kind === 'persist-frontier') this.frontier = this.machine.offsetFrontier();
        if ('id' in effect) this.machine.effectDone(effect.id, true);
      }
    }
  }

  /** A restart: the journal gives back what was not flushed. */
  restart(replayFrom = this.flushedOp + 1): void {
    const entries = this.log.filter((entry) => entry.op >= replayFrom);
    const batches = entries.filter((entry) => entry.operation === Operation.SendMessages);
    const bases = batches.map((entry) => Number(baseOf(entry)));
    this.machine = this.#open(bases.length === 0 ? undefined : Math.min(...bases));
    for (const entry of entries) this.machine.logged(entry);
    for (const entry of entries) this.machine.apply(entry);
    this.settle();
  }

  /** Admits, logs and applies; the reply body, or the status it was denied with. */
  propose(operation: number, body: Uint8Array, client = 5n): Uint8Array | number {
    this.now += 1_000;
    const op = (this.log.at(-1)?.op ?? 0) + 1;
    const common = { operation, userId: 0, client, timestamp: this.now, op };
    const admitted = this.machine.admit({ ...common, body });
    if (admitted.kind !== 'accept') {
      return admitted.kind === 'deny' ? admitted.status : -admitted.reason;
    }
    const entry = { ...common, request: 1n, body: admitted.body };
    return this.commit(entry, admitted.bodyChecksum ?? xxh3(admitted.body));
  }

  commit(entry: LogEntry, checksum?: bigint): Uint8Array {
    if (checksum !== undefined && !this.machine.verifyBody(entry, checksum)) {
      throw new Error('a replica would not accept its own entry');
    }
    this.machine.logged(entry);
    const { body } = this.machine.apply(entry);
    this.log.push(entry);
    this.replies.push(body);
    if (this.#options.manual !== true) this.settle();
    return body;
  }

  send(messages: number | readonly NewMessage[], size = 10): Sent {
    const batch = typeof messages === 'number' ? newMessages(messages, size) : messages;
    return this.sendBody(sendBody(batch));
  }

  sendBody(body: Uint8Array): Sent {
    const reply = this.propose(Operation.SendMessages, body);
    if (typeof reply === 'number') return { status: reply };
    const { confirmations } = decode(commands.send_messages.response, reply);
    const [first] = confirmations;
    if (first === undefined) return { confirmed: 'nothing' };
    return {
      confirmed: { partition: first.partition_id, base: Number(first.base_offset) },
    };
  }

  /** 0 or the status. */
  storeOffset(offset: number, consumer: number | string = 1, kind: 1 | 2 = 1): number {
    const reply = this.propose(Operation.StoreConsumerOffset, storeBody(offset, consumer, kind));
    return typeof reply === 'number' ? reply : getU32(reply, 0);
  }

  delete(consumer: number | string = 1, kind: 1 | 2 = 1): number {
    const reply = this.propose(Operation.DeleteConsumerOffset, deleteBody(consumer, kind));
    return typeof reply === 'number' ? reply : getU32(reply, 0);
  }

  poll(
    strategy: PollStart['strategy'],
    value: number | bigint,
    count: number,
    options: { consumer?: number; group?: number; autoCommit?: boolean } = {},
  ) {
    const { consumer = 1, group, autoCommit = false } = options;
    const answer = this.machine.poll({
      consumerKind: group === undefined ? 'consumer' : 'group',
      consumer: group ?? consumer,
      start: { strategy, value: BigInt(value) },
      count,
      autoCommit,
    });
    const reply = readPollReply(answer.body);
    if (answer.autoCommitOffset !== undefined) {
      const kind = group === undefined ? 1 : 2;
      const body = storeBody(answer.autoCommitOffset, group ?? consumer, kind);
      this.propose(Operation.StoreConsumerOffset, body, autoCommitClient);
    }
    return { ...reply, offsets: reply.messages.map((message) => message.offset), answer };
  }

  offsets(strategy: PollStart['strategy'], value: number | bigint, count: number): number[] {
    return this.poll(strategy, value, count).offsets;
  }

  /** Every message in short; comparing whole payloads would take long. */
  all(count = 1_000_000): readonly string[] {
    return this.poll('first', 0, count).messages.map(inShort);
  }

  /** Purges as metadata does, then puts the mark into the log. */
  purge(): void {
    this.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    this.update();
    this.markPurge();
  }

  /** Tells the machine what metadata says now. */
  update(): void {
    this.machine.update({ ...this.info, settings: this.config().settings });
  }

  markPurge(): Uint8Array | number | undefined {
    const mark = this.machine.purgeProposal();
    return mark && this.propose(mark.operation, mark.body, mark.client);
  }

  /** Partition record as get_topic shows it. */
  record() {
    const read = this.metadata.read('get_topic', { stream_id: 's', topic_id: 't' });
    if (read === 'empty' || read === null || 'status' in read) throw new Error('no topic');
    return read.partitions[0]!;
  }

  segmentStarts(): number[] {
    return this.store
      .list('')
      .filter((name) => name.endsWith('.log'))
      .map((name) => Number(name.slice(0, 20)));
  }
}

function inShort({ offset, id, timestamp, checksum }: StoredMessage): string {
  return [offset, id, timestamp, checksum].join(' ');
}

/** How opening went, without the machine, which is too much to print. */
export function opening(config: PartitionConfig): Partial<PartitionDamage> & { kind: string } {
  const opened = openPartition(config);
  return opened.kind === 'open' ? { kind: 'open' } : opened;
}

let nextId = 1n;

export function newMessages(count: number, size = 10): NewMessage[] {
  return Array.from({ length: count }, (_, i) => {
    nextId += 1n;
    const payload = new Uint8Array(size).fill(Number(nextId % 251n));
    return { id: nextId, payload, originTimestamp: 1_000 + i };
  });
}

export function texts(...payloads: string[]): NewMessage[] {
  return payloads.map((text, i) => ({
    id: BigInt(i + 1),
    payload: encodeUtf8(text),
    originTimestamp: 5 + i,
  }));
}

const target = {
  stream_id: 's',
  topic_id: 't',
  partitioning: { kind: 2, value: 0 },
} as const;

export function sendBody(messages: readonly NewMessage[]): Uint8Array {
  return encodeSendMessages(target, messages);
}

export function storeBody(offset: number, consumer: number | string, kind: 1 | 2): Uint8Array {
  return encode(commands.store_consumer_offset.request, {
    consumer: { kind, id: consumer },
    stream_id: 's',
    topic_id: 't',
    partition_id: 0,
    offset: BigInt(offset),
    ack: ackLevel.table.quorum,
  });
}

export function deleteBody(consumer: number | string, kind: 1 | 2): Uint8Array {
  return encode(commands.delete_consumer_offset.request, {
    consumer: { kind, id: consumer },
    stream_id: 's',
    topic_id: 't',
    partition_id: 0,
    ack: ackLevel.table.quorum,
  });
}

function baseOf(entry: LogEntry): bigint {
  return new DataView(entry.body.buffer, entry.body.byteOffset).getBigUint64(8, true);
}
