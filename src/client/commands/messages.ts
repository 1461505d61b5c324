import { GroupPoll, ProducerRoutes } from '../../session/index.js';
import {
  commands,
  decode,
  encodeSendMessages,
  headerSize,
  type Identifier,
  isWireError,
  type NewMessage,
  type PolledMessages,
  readPollReply,
  resyncPartition,
  type SendConfirmation,
} from '../../wire/index.js';
import type { CommandCaller, RawCaller } from '../caller.js';
import { checked, encodeRequest, readable } from '../command-codec.js';
import { ServerError } from '../errors.js';
import type { GroupMemberships } from '../group-memberships.js';
import { groupKey } from '../group-place.js';
import { type MessageInput, MessageMaker } from '../message-input.js';
import type { CallOptions } from '../options.js';
import { type Partitioning, routeOf } from '../partitioning.js';
import { type PollStart, toStrategy } from '../poll-start.js';
import { type Reader, toConsumer } from './offsets.js';
import { target } from './topics.js';

/** Where messages go. */
export interface SendPlace {
  readonly stream: Identifier;
  readonly topic: Identifier;
  /** Round robin over the partitions if absent. */
  readonly partitioning?: Partitioning;
}

/** What is to be read, by whom, from where. */
export type PollPlace = Reader & {
  readonly stream: Identifier;
  readonly topic: Identifier;
  /** A group goes round its own partitions if absent, a consumer reads partition 0. */
  readonly partition?: number;
  /** `next`, after the stored offset, if absent. */
  readonly from?: PollStart;
  /** Most messages wanted; 100 if absent. */
  readonly count?: number;
  /** Stores the offset of the last message served, on the server. */
  readonly autoCommit?: boolean;
};

/** What became of a batch. */
export interface SentBatch {
  readonly confirmations: readonly SendConfirmation[];
  /** Copies that were sent although an earlier one may have been stored. */
  readonly doubtful: number;
}

/** Where to start in a partition. */
export type StartOf = (partition: number) => PollStart;

const notFound = 20;
const notOwned = 5009;
const notAMember = 5006;

/** Commands on messages. */
export class MessageCommands {
  readonly #caller: CommandCaller & RawCaller;
  readonly #memberships: GroupMemberships;
  readonly #maker = new MessageMaker();
  readonly #routes = new ProducerRoutes();

  constructor(caller: CommandCaller & RawCaller, memberships: GroupMemberships) {
    this.#caller = caller;
    this.#memberships = memberships;
  }

  /**
   * Appends messages as one batch, at least once: if the answer is lost they may have been stored.
   * Gives where they are; nothing when a purge came first.
   */
  async send(
    place: SendPlace,
    messages: readonly MessageInput[],
    options: CallOptions = {},
  ): Promise<readonly SendConfirmation[]> {
    const made = messages.map((each) => this.#maker.make(each));
    return (await this.sendMade(place, made, options)).confirmations;
  }

  /** Sends messages in the form of the wire, so that a retry sends the very same ones. */
  async sendMade(
    place: SendPlace,
    messages: readonly NewMessage[],
    options: CallOptions = {},
  ): Promise<SentBatch> {
    try {
      return await this.#sendOnce(place, messages, options);
    } catch (error) {
      // The partitions may be others than those remembered.
      if (error instanceof ServerError && error.serverCode === notFound) {
        this.#routes.forget(topicKey(place));
      }
      throw error;
    }
  }

  async #sendOnce(
    place: SendPlace,
    messages: readonly NewMessage[],
    options: CallOptions,
  ): Promise<SentBatch> {
    const partition = await this.partitionFor(place, options);
    const to = { ...target(place.stream, place.topic), partitioning: partition };
    const roomy = checked('send_messages', () => encodeSendMessages(to, messages, headerSize));
    const { payload, report } = await this.#caller.exchange(
      { code: commands.send_messages.code, body: roomy.subarray(headerSize), hasRoom: true },
      options,
    );
    return { confirmations: readConfirmations(payload), doubtful: report.doubtful ?? 0 };
  }

  /** The partition the next batch goes to, in the form of the wire. */
  async partitionFor(place: SendPlace, options: CallOptions) {
    const key = topicKey(place);
    const { partitioning = 'balanced' } = place;
    const needsTopic = partitioning === 'balanced' || 'key' in partitioning;
    if (needsTopic && !this.#routes.has(key)) {
      const topic = await this.#caller.call(
        'get_topic',
        target(place.stream, place.topic),
        options,
      );
      // Without a topic the server says what is missing.
      if (topic !== null)
        this.#routes.learn(
          key,
          topic.partitions.map((each) => each.id),
        );
    }
    return routeOf(this.#routes, key, partitioning);
  }

  /** What a lost connection makes doubtful. */
  forgetRoutes(): void {
    this.#routes.clear();
  }

  /** Reads messages. A group without a partition polls its own ones in turn. */
  poll(place: PollPlace, options: CallOptions = {}): Promise<PolledMessages> {
    const { from = 'next' } = place;
    return this.pollFrom(place, () => from, options);
  }

  /** Like {@link poll}, with a start that depends on the partition. */
  pollFrom(place: PollPlace, startOf: StartOf, options: CallOptions): Promise<PolledMessages> {
    const { group, partition } = place;
    return group === undefined || partition !== undefined
      ? this.#pollPartition(place, partition, startOf, options)
      : this.#pollGroup({ ...place, group }, startOf, options);
  }

  async #pollPartition(
    place: PollPlace,
    partition: number | undefined,
    startOf: StartOf,
    options: CallOptions,
  ): Promise<PolledMessages> {
    const { stream, topic, count = 100, autoCommit = false } = place;
    const body = encodeRequest('poll_messages', {
      consumer: toConsumer(place),
      ...target(stream, topic),
      partition_id: partition ?? null,
      strategy: toStrategy(startOf(partition ?? 0)),
      count,
      auto_commit: autoCommit,
    });
    const { code } = commands.poll_messages;
    const { payload } = await this.#caller.exchange({ code, body }, options);
    return readable('poll_messages', () => readPollReply(payload));
  }

  async #pollGroup(
    place: PollPlace & { readonly group: Identifier },
    startOf: StartOf,
    options: CallOptions,
  ): Promise<PolledMessages> {
    const membership = { stream: place.stream, topic: place.topic, group: place.group };
    const poll = new GroupPoll(this.#memberships.states, groupKey(membership));
    for (;;) {
      const step = poll.next();
      switch (step.kind) {
        case 'sync':
          await this.#memberships.sync(membership, options);
          break;
        case 'poll': {
          const polled = await this.#pollOwned(place, step.partition, startOf, options);
          if (polled !== undefined) return polled;
          poll.fenced();
          break;
        }
        case 'not-a-member':
          throw memberNotFound();
        case 'nothing':
          return { partitionId: 0, currentOffset: 0, count: 0, messages: [] };
      }
    }
  }

  /** Nothing when the partition belongs to another member now. */
  async #pollOwned(
    place: PollPlace,
    partition: number,
    startOf: StartOf,
    options: CallOptions,
  ): Promise<PolledMessages | undefined> {
    try {
      const polled = await this.#pollPartition(place, partition, startOf, options);
      const isFenced = polled.count === 0 && polled.partitionId === resyncPartition;
      return isFenced ? undefined : polled;
    } catch (error) {
      if (error instanceof ServerError && error.serverCode === notOwned) return undefined;
      throw error;
    }
  }

  /** Asked older servers to write to disk; today's refuse it with 5. */
  async flush(
    stream: Identifier,
    topic: Identifier,
    { partition, fsync = false }: { readonly partition: number; readonly fsync?: boolean },
    options?: CallOptions,
  ): Promise<void> {
    const request = { ...target(stream, topic), partition_id: partition, fsync };
    await this.#caller.call('flush_unsaved_buffer', request, options);
  }
}

/** The batch was stored, so a confirmation that cannot be read is none, and not a failed send. */
function readConfirmations(payload: Uint8Array): readonly SendConfirmation[] {
  try {
    return decode(commands.send_messages.response, payload).confirmations;
  } catch (error) {
    if (isWireError(error)) return [];
    throw error;
  }
}

function memberNotFound(): ServerError {
  return new ServerError(
    'this client is not a member of the consumer group [consumer_group_member_not_found 5006]; ' +
      'join it first',
    { serverCode: notAMember, serverName: 'consumer_group_member_not_found', channel: 'status' },
  );
}

function topicKey({ stream, topic }: SendPlace): string {
  return JSON.stringify([stream, topic]);
}
