import type { Assignment } from '../session/index.js';
import type { Identifier, PolledMessages, StoredMessage } from '../wire/index.js';
import type { GroupCommands } from './commands/groups.js';
import type { MessageCommands } from './commands/messages.js';
import type { OffsetCommands, Reader } from './commands/offsets.js';
import { ServerError } from './errors.js';
import type { GroupPlace } from './group-place.js';
import type { PollStart } from './poll-start.js';
import { isTransient, pause } from './retry.js';

/** When the position of a consumer is stored on the server. */
export type CommitMode =
  /** Never; the caller does it with `commit`. */
  | 'manual'
  /** By the server as it hands messages out: at most once. */
  | 'poll'
  /** After a batch was worked through: at least once. */
  | 'batch'
  /** After each message was worked through: at least once. */
  | 'message';

/** How a consumer works. */
export type ConsumerOptions = Reader & {
  readonly stream: Identifier;
  readonly topic: Identifier;
  /** A group member goes round its own partitions if absent, a consumer reads partition 0. */
  readonly partition?: number;
  /** Where to start in a partition; `next`, after the stored offset, if absent. */
  readonly from?: PollStart;
  /** Messages of one poll at most; 1,000 if absent. */
  readonly batchMessages?: number;
  /** Pause after a poll that gave nothing; 100 ms if absent. */
  readonly pollMillis?: number;
  /** `batch` if absent. */
  readonly commit?: CommitMode;
  /** Creates the group if it does not exist; otherwise its absence is an error. */
  readonly createGroup?: boolean;
  /** Ends the iteration when all partitions were read to their end. */
  readonly stopAtEnd?: boolean;
  /** Told when the partitions of this group member change. */
  readonly onAssignment?: (partitions: readonly number[]) => void;
  readonly signal?: AbortSignal;
};

/** A message together with the partition it was read from. */
export interface ReceivedMessage extends StoredMessage {
  readonly partition: number;
}

/** What a consumer works with. */
export interface ConsumerCommands {
  readonly messages: MessageCommands;
  readonly groups: GroupCommands;
  readonly offsets: OffsetCommands;
  /** What this client may poll in a group, as far as it knows. */
  assignmentOf(place: GroupPlace): Assignment | undefined;
}

const alreadyExists = 5004;
const memberNotFound = 5006;
/** Of an offset: also a partition that is not this member's. */
const unresolved = 20;
const retryMillis = 1_000;

/**
 * Reads messages one after the other, alone or as a member of a consumer group:
 * `for await (const message of consumer) …`. Ending the loop, or `close`, leaves the group.
 */
export class Consumer {
  readonly #commands: ConsumerCommands;
  readonly #options: ConsumerOptions;
  readonly #abort = new AbortController();
  /** Offset to go on at, by partition; the stored offset counts where there is none. */
  readonly #positions = new Map<number, bigint>();
  #generation: bigint | undefined;
  #isJoined = false;
  /** Polls in a row that gave nothing. */
  #emptyPolls = 0;

  constructor(commands: ConsumerCommands, options: ConsumerOptions) {
    this.#commands = commands;
    this.#options = options;
    options.signal?.addEventListener('abort', () => this.#abort.abort(), { once: true });
    if (options.signal?.aborted === true) this.#abort.abort();
  }

  /** Messages, as they come, until the consumer is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ReceivedMessage, void, undefined> {
    const { commit = 'batch', stopAtEnd = false, pollMillis = 100 } = this.#options;
    try {
      while (!this.#abort.signal.aborted) {
        const polled = await this.#pollPatiently();
        if (polled === undefined) continue;
        const { messages, partitionId: partition } = polled;
        if (messages.length === 0) {
          if (stopAtEnd && this.#isAtEnd()) return;
          await pause(pollMillis, this.#abort.signal);
          continue;
        }
        for (const message of messages) {
          yield { ...message, partition };
          if (commit === 'message' && !(await this.#store(partition, message.offset))) break;
        }
        const last = messages.at(-1);
        if (commit === 'batch' && last !== undefined) await this.#store(partition, last.offset);
      }
    } finally {
      await this.close();
    }
  }

  /** One poll: what is there now, up to a batch. Joins the group at the first call. */
  async poll(): Promise<PolledMessages> {
    const { signal } = this.#abort;
    await this.#join();
    const { from = 'next', batchMessages = 1_000, commit = 'batch' } = this.#options;
    const polled = await this.#commands.messages.pollFrom(
      { ...this.#options, count: batchMessages, autoCommit: commit === 'poll' },
      (partition) => {
        this.#noticeRebalance();
        const position = this.#positions.get(partition);
        return position === undefined ? from : { offset: position };
      },
      { signal },
    );
    this.#noticeRebalance();
    const last = polled.messages.at(-1);
    this.#emptyPolls = last === undefined ? this.#emptyPolls + 1 : 0;
    if (last !== undefined) this.#positions.set(polled.partitionId, BigInt(last.offset) + 1n);
    return polled;
  }

  /** Stores how far a partition has been read. */
  async commit(read: { readonly partition: number; readonly offset: number }): Promise<void> {
    const { partition, offset } = read;
    const place = { ...this.#options, partition };
    await this.#commands.offsets.store(place, { offset: BigInt(offset) });
  }

  /**
   * Stores a position while iterating. False when the partition is another member's by now, or the
   * membership is gone: what is not stored is read again, by whoever has the partition then.
   */
  async #store(partition: number, offset: number): Promise<boolean> {
    try {
      await this.commit({ partition, offset });
      return true;
    } catch (error) {
      const isGone = error instanceof ServerError && error.serverCode === unresolved;
      if (!isGone || this.#groupPlace() === undefined) throw error;
      this.#isJoined = false;
      this.#positions.clear();
      return false;
    }
  }

  /** Leaves the group and ends the iteration. */
  async close(): Promise<void> {
    this.#abort.abort();
    const place = this.#groupPlace();
    if (place === undefined || !this.#isJoined) return;
    this.#isJoined = false;
    // The server ends the membership with the session in any case.
    await this.#commands.groups.leave(place).catch(() => undefined);
  }

  /** A poll that waits out what passes; nothing when there is to be another one. */
  async #pollPatiently(): Promise<PolledMessages | undefined> {
    try {
      return await this.poll();
    } catch (error) {
      if (this.#abort.signal.aborted) return undefined;
      if (error instanceof ServerError && error.serverCode === memberNotFound) {
        this.#isJoined = false;
        return undefined;
      }
      if (!isTransient(error)) throw error;
      await pause(retryMillis, this.#abort.signal);
      return undefined;
    }
  }

  async #join(): Promise<void> {
    const place = this.#groupPlace();
    if (place === undefined || this.#isJoined) return;
    const { signal } = this.#abort;
    const { groups } = this.#commands;
    if (this.#options.createGroup === true) await this.#ensureGroup(place);
    await groups.join(place, { signal });
    this.#isJoined = true;
    this.#generation = undefined;
  }

  async #ensureGroup(place: GroupPlace): Promise<void> {
    const { signal } = this.#abort;
    const { groups } = this.#commands;
    if (typeof place.group !== 'string' || (await groups.get(place, { signal })) !== null) return;
    try {
      await groups.create(place.stream, place.topic, place.group, { signal });
    } catch (error) {
      // Another member was faster.
      if (!(error instanceof ServerError) || error.serverCode !== alreadyExists) throw error;
    }
  }

  /** Others may have read on in what was taken away: only stored offsets count then. */
  #noticeRebalance(): void {
    const place = this.#groupPlace();
    const assignment = place && this.#commands.assignmentOf(place);
    if (assignment === undefined || assignment.generation === this.#generation) return;
    if (this.#generation !== undefined) this.#positions.clear();
    this.#generation = assignment.generation;
    this.#options.onAssignment?.(assignment.partitions);
  }

  #isAtEnd(): boolean {
    const place = this.#groupPlace();
    const assignment = place && this.#commands.assignmentOf(place);
    return this.#emptyPolls >= (assignment?.partitions.length ?? 1);
  }

  #groupPlace(): GroupPlace | undefined {
    const { stream, topic, group, partition } = this.#options;
    return group === undefined || partition !== undefined ? undefined : { stream, topic, group };
  }
}
