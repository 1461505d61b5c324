import type { IggyClient, Partitioning, Producer } from '../../client/index.js';
import { humanDuration, humanSize } from '../../render/index.js';
import type { UserHeader } from '../../wire/index.js';
import type { ObjectResult } from '../output/result.js';
import type { TopicTarget } from '../topic/topic-target.js';
import { Pace } from './pace.js';

/** One message as it is to be sent. */
export interface Outgoing {
  readonly payload: Uint8Array;
  readonly line: number;
  readonly id?: bigint;
  readonly headers?: readonly UserHeader[];
  readonly originTimestamp?: bigint;
  /** Instead of the partitioning of the run. */
  readonly partition?: number;
}

export interface SendRules {
  readonly partitioning: Partitioning;
  readonly batch: number;
  readonly lingerMillis: number;
  readonly perSecond: number | undefined;
  readonly stopsOnError: boolean;
  readonly retries: number;
  readonly timeoutMillis: number;
  readonly signal: AbortSignal;
  /** Told of every batch that was committed. */
  readonly onBatch?: (batch: SentBatchFacts) => void;
  /** Told how many messages were acknowledged so far. */
  readonly onProgress?: (acknowledged: number) => void;
}

/** Where a batch is. */
interface SentBatchFacts {
  readonly partition: number;
  readonly baseOffset: bigint;
}

/** A message that was not stored, as far as is known. */
export interface FailedMessage {
  readonly line: number;
  readonly error: Error;
}

/** How long errors that pass are waited out: an election takes two heartbeat time-outs at most. */
const patienceMillis = 15_000;

/** Sends a stream of messages and keeps count; bounded memory for input of any length. */
export class SendRun {
  sent = 0;
  acknowledged = 0;
  bytes = 0;
  batches = 0;
  /** Messages that were sent again, so that they may be stored twice. */
  retried = 0;
  readonly failed: FailedMessage[] = [];
  readonly #rules: SendRules;
  readonly #producer: Producer;
  readonly #started = performance.now();
  readonly #open = new Set<Promise<void>>();
  readonly #seen = new Set<string>();

  constructor(client: IggyClient, target: TopicTarget, rules: SendRules) {
    this.#rules = rules;
    const { retries, timeoutMillis } = rules;
    this.#producer = client.producer({
      ...{ stream: target.stream_id, topic: target.topic_id },
      partitioning: rules.partitioning,
      batchMessages: rules.batch,
      lingerMillis: rules.lingerMillis,
      timeoutMillis,
      signal: rules.signal,
      retry:
        retries === 0
          ? false
          : {
              retries: Math.max(retries, 100),
              intervalMillis: 500,
              withinMillis: Math.max(patienceMillis, 3 * timeoutMillis),
            },
    });
  }

  /** Leaves out a record that cannot be read. */
  skip(line: number, problem: string): void {
    this.failed.push({ line, error: new Error(problem) });
  }

  /** Sends everything. @throws the error of the first message that failed, unless told to go on */
  async send(messages: AsyncIterable<Outgoing> | Iterable<Outgoing>): Promise<void> {
    const { perSecond, batch, signal } = this.#rules;
    const pace = perSecond === undefined ? undefined : new Pace(perSecond);
    const limit = batch * 4;
    try {
      for await (const message of messages) {
        await pace?.next(signal);
        if (signal.aborted) break;
        this.#post(message);
        if (this.#open.size >= limit) await Promise.race(this.#open);
        if (this.firstError !== undefined) break;
      }
    } finally {
      await this.#producer.close();
      await Promise.all(this.#open);
    }
    if (this.firstError !== undefined) throw this.firstError;
  }

  /** The failure that ends the run, if there is one. */
  get firstError(): Error | undefined {
    return this.#rules.stopsOnError ? this.failed[0]?.error : undefined;
  }

  /** The summary as a result. */
  result(): ObjectResult {
    const took = Math.max(1, Math.round((performance.now() - this.#started) * 1000));
    const { sent, acknowledged, bytes, batches, retried, failed } = this;
    const rate = Math.round((acknowledged * 1_000_000) / took);
    return {
      kind: 'message.send',
      name: acknowledged,
      value: {
        ...{ sent: BigInt(sent), acknowledged: BigInt(acknowledged), batches },
        ...{ bytes: BigInt(bytes), retried, took_us: took },
        failed: failed.map(({ line, error }) => ({ line, error: error.message })),
      },
      pairs: [
        { label: 'Sent', value: sent },
        { label: 'Acknowledged', value: acknowledged },
        { label: 'Batches', value: batches },
        { label: 'Bytes', value: humanSize(bytes) },
        { label: 'Retried', value: retried },
        ...(failed.length === 0 ? [] : [{ label: 'Failed', value: failed.length }]),
        { label: 'Took', value: humanDuration(took) },
        { label: 'Rate', value: `${rate} messages/s` },
      ],
    };
  }

  #post({ line, partition, ...message }: Outgoing): void {
    this.sent += 1;
    this.bytes += message.payload.length;
    const where = partition === undefined ? this.#rules.partitioning : { partition };
    const sending = this.#producer
      .send(message, where)
      .then(({ confirmation, retries }) => {
        this.acknowledged += 1;
        if (retries > 0) this.retried += retries;
        if (confirmation !== undefined) this.#noticeBatch(confirmation);
        this.#rules.onProgress?.(this.acknowledged);
      })
      .catch((error: unknown) => {
        this.failed.push({
          line,
          error: error instanceof Error ? error : new Error(String(error)),
        });
      })
      .finally(() => this.#open.delete(sending));
    this.#open.add(sending);
  }

  /** Every message of a batch tells of it; those of one batch come one after the other. */
  #noticeBatch({ partition_id: partition, base_offset: baseOffset }: ConfirmedBatch): void {
    const key = `${partition}/${baseOffset}`;
    if (this.#seen.has(key)) return;
    this.#seen.clear();
    this.#seen.add(key);
    this.batches += 1;
    this.#rules.onBatch?.({ partition, baseOffset });
  }
}

interface ConfirmedBatch {
  readonly partition_id: number;
  readonly base_offset: bigint;
}
