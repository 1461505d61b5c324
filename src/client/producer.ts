import type { Identifier, NewMessage, SendConfirmation } from '../wire/index.js';
import { checked } from './command-codec.js';
import type { MessageCommands, SentBatch } from './commands/messages.js';
import type { ClientError } from './errors.js';
import { CancelledError, ConnectionError } from './errors.js';
import { type MessageInput, MessageMaker } from './message-input.js';
import type { CallOptions } from './options.js';
import { keyBytes, type Partitioning } from './partitioning.js';
import { isTransient, pause, type RetryPolicy } from './retry.js';

/** How a producer works. */
export interface ProducerOptions {
  readonly stream: Identifier;
  readonly topic: Identifier;
  /** For messages that do not say it themselves; `balanced` if absent. */
  readonly partitioning?: Partitioning;
  /** Messages of one batch at most; 1,000 if absent. */
  readonly batchMessages?: number;
  /** Bytes of payload of one batch at most; 1 MiB if absent. */
  readonly batchBytes?: number;
  /** How long a message waits for others to go with, milliseconds; 0 if absent. */
  readonly lingerMillis?: number;
  /** What is done after errors that may pass; three more attempts, a second apart, if absent. */
  readonly retry?: RetryPolicy | false;
  /** Called before a batch of so many messages is sent again: they may be stored twice. */
  readonly onRetry?: (error: ClientError, attempt: number, messages: number) => void;
  /** Ends all waiting; messages that were not confirmed fail. */
  readonly signal?: AbortSignal;
  /** Limit of one attempt. */
  readonly timeoutMillis?: number;
}

/** What became of one message. */
export interface SendReport {
  /** Where its batch is; absent when a purge came first or the confirmation cannot be read. */
  readonly confirmation: SendConfirmation | undefined;
  /** Times its batch was sent again; above 0 the message may be stored more than once. */
  readonly retries: number;
}

interface Waiting {
  readonly message: NewMessage;
  readonly size: number;
  readonly resolve: (report: SendReport) => void;
  readonly reject: (error: unknown) => void;
}

/** Messages with one destination that wait to be sent, in order. */
interface Lane {
  readonly partitioning: Partitioning;
  waiting: Waiting[];
  /** Bytes of payload that wait. */
  bytes: number;
  timer: NodeJS.Timeout | undefined;
  isDue: boolean;
  /** The batch under way; batches of one lane go one after the other. */
  sending: Promise<void> | undefined;
}

const defaultRetry: RetryPolicy = { retries: 3, intervalMillis: 1_000 };
const mebibyte = 1_048_576;
const notFound = 20;

/**
 * Sends messages in batches. At least once: after a lost answer a batch is sent again, and the
 * reports of its messages say so.
 */
export class Producer {
  readonly #messages: MessageCommands;
  readonly #options: ProducerOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #maker = new MessageMaker();
  #isClosed = false;

  constructor(messages: MessageCommands, options: ProducerOptions) {
    this.#messages = messages;
    this.#options = options;
  }

  /** Sends one message; resolves when its batch is committed. */
  send(
    message: MessageInput | string | Uint8Array,
    partitioning: Partitioning = this.#options.partitioning ?? 'balanced',
  ): Promise<SendReport> {
    if (this.#isClosed) {
      const text = 'the producer was closed';
      return Promise.reject(new ConnectionError('CLIENT_CLOSED', text, {}, { protocolCode: 63 }));
    }
    if (this.#options.signal?.aborted === true) return Promise.reject(cancelled());
    return new Promise((resolve, reject) => {
      const made = checked('send_messages', () => this.#maker.make(message));
      const size = made.payload.length + (made.userHeaders?.length ?? 0);
      const lane = this.#lane(partitioning);
      lane.waiting.push({ message: made, size, resolve, reject });
      lane.bytes += size;
      this.#schedule(lane);
    });
  }

  /** Sends everything that waits, and resolves when it is committed or has failed. */
  async flush(): Promise<void> {
    for (const lane of this.#lanes.values()) {
      lane.isDue = true;
      this.#pump(lane);
    }
    await Promise.all([...this.#lanes.values()].map(drained));
  }

  /** Flushes, and takes no more messages. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    for (const lane of this.#lanes.values()) clearTimeout(lane.timer);
  }

  #lane(partitioning: Partitioning): Lane {
    const key = laneKey(partitioning);
    const found = this.#lanes.get(key);
    if (found !== undefined) return found;
    const lane: Lane = {
      partitioning,
      waiting: [],
      bytes: 0,
      timer: undefined,
      isDue: false,
      sending: undefined,
    };
    this.#lanes.set(key, lane);
    return lane;
  }

  #schedule(lane: Lane): void {
    const { lingerMillis = 0 } = this.#options;
    if (this.#isFull(lane)) lane.isDue = true;
    if (lane.isDue) {
      this.#pump(lane);
      return;
    }
    lane.timer ??= setTimeout(() => {
      lane.isDue = true;
      this.#pump(lane);
    }, lingerMillis);
  }

  #isFull({ waiting, bytes }: Lane): boolean {
    const { batchMessages = 1_000, batchBytes = mebibyte } = this.#options;
    return waiting.length >= batchMessages || bytes >= batchBytes;
  }

  /** Starts the next batch of a lane, if it is time and none is under way. */
  #pump(lane: Lane): void {
    if (!lane.isDue || lane.sending !== undefined || lane.waiting.length === 0) return;
    clearTimeout(lane.timer);
    lane.timer = undefined;
    const batch = this.#takeBatch(lane);
    lane.isDue = lane.waiting.length > 0;
    lane.sending = this.#sendBatch(batch, lane.partitioning).finally(() => {
      lane.sending = undefined;
      this.#pump(lane);
      // Every key has a lane of its own: those that are done must not pile up.
      if (isIdle(lane)) this.#lanes.delete(laneKey(lane.partitioning));
    });
  }

  #takeBatch(lane: Lane): readonly Waiting[] {
    const { batchMessages = 1_000, batchBytes = mebibyte } = this.#options;
    let count = 0;
    let bytes = 0;
    for (const { size } of lane.waiting) {
      if (count >= batchMessages || (count > 0 && bytes + size > batchBytes)) break;
      count += 1;
      bytes += size;
    }
    lane.bytes -= bytes;
    return lane.waiting.splice(0, count);
  }

  async #sendBatch(batch: readonly Waiting[], partitioning: Partitioning): Promise<void> {
    const { stream, topic, timeoutMillis, signal } = this.#options;
    const options: CallOptions = {
      ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
      ...(signal === undefined ? {} : { signal }),
    };
    const messages = batch.map((each) => each.message);
    const place = { stream, topic, partitioning };
    try {
      const { confirmations, retries } = await this.#retrying(batch.length, () =>
        this.#messages.sendMade(place, messages, options),
      );
      const [confirmation] = confirmations;
      for (const { resolve } of batch) resolve({ confirmation, retries });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async #retrying(
    messages: number,
    send: () => Promise<SentBatch>,
  ): Promise<{ readonly confirmations: readonly SendConfirmation[]; readonly retries: number }> {
    const { retry = defaultRetry, onRetry, signal } = this.#options;
    const allowed = retry === false ? 0 : retry.retries;
    let until: number | undefined;
    for (let attempt = 0; ; attempt++) {
      try {
        const { confirmations, doubtful } = await send();
        return { confirmations, retries: attempt + doubtful };
      } catch (error) {
        if (signal?.aborted === true || !isTransient(error)) throw error;
        // A topic that is new may not be known everywhere yet; one that is missing stays so.
        const most = error.protocolCode === notFound ? Math.min(allowed, 3) : allowed;
        if (attempt >= most) throw error;
        const { withinMillis } = retry === false ? {} : retry;
        until ??= performance.now() + (withinMillis ?? Number.POSITIVE_INFINITY);
        if (performance.now() > until) throw error;
        onRetry?.(error, attempt + 1, messages);
        await pause(retry === false ? 0 : retry.intervalMillis, signal);
      }
    }
  }
}

function cancelled(): CancelledError {
  return new CancelledError('the message was cancelled: nothing was sent', { stage: 'waiting' });
}

/** Resolves when nothing of a lane is waiting or under way. */
async function drained(lane: Lane): Promise<void> {
  while (lane.sending !== undefined) await lane.sending;
}

function isIdle({ sending, waiting }: Lane): boolean {
  return sending === undefined && waiting.length === 0;
}

function laneKey(partitioning: Partitioning): string {
  if (partitioning === 'balanced') return '';
  if ('partition' in partitioning) return `p${partitioning.partition}`;
  return `k${keyBytes(partitioning.key).join('.')}`;
}
