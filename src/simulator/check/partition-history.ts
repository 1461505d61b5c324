import type { SendConfirmation } from '../../wire/index.js';
import { readReferenceBatch } from '../model/reference-partition.js';
import type { Violation } from './verdict.js';

/** A batch as its producer made it. */
export interface SentBatch {
  readonly client: number;
  readonly call: number;
  /** Digest of each message, in order. */
  readonly digests: readonly number[];
  /** Times its producer's session put it on a connection. */
  sends: number;
  /** Where it was confirmed to be, if it was. */
  confirmed: SendConfirmation | undefined;
  /** A refusal that promises that it is in no log. */
  isRefused: boolean;
}

/** Codes that leave open whether a send was executed. */
const openCodes: ReadonlySet<number> = new Set([57]);

/**
 * What producers sent and what they were told, by the ids of the messages: `client + 1`, the number of
 * the call and `index + 1` in 32 bits each.
 */
export class PartitionHistory {
  readonly #batches = new Map<number, SentBatch>();

  get batches(): Iterable<SentBatch> {
    return this.#batches.values();
  }

  /** A producer made a batch: the last part of a send body. */
  made(client: number, call: number, batch: Uint8Array): void {
    const { messages } = readReferenceBatch(batch, 0);
    const digests = messages.map(({ digest }) => digest);
    const sent = { client, call, digests, sends: 0, confirmed: undefined, isRefused: false };
    this.#batches.set(keyOf(client, call), sent);
  }

  /** Its session put it on a connection, for the first time or again. */
  sent(client: number, call: number): void {
    const batch = this.#batches.get(keyOf(client, call));
    if (batch !== undefined) batch.sends += 1;
  }

  confirmed(client: number, call: number, confirmation: SendConfirmation): void {
    const batch = this.#batches.get(keyOf(client, call));
    if (batch !== undefined) batch.confirmed = confirmation;
  }

  /** A server refused it. Only a batch that was sent once is known to be in no log. */
  refused(client: number, call: number, code: number): void {
    const batch = this.#batches.get(keyOf(client, call));
    if (batch !== undefined && batch.sends === 1) batch.isRefused = !openCodes.has(code);
  }

  /** The batch a message belongs to, by its id. */
  find(id: bigint): SentBatch | undefined {
    const client = Number(id >> 64n) - 1;
    const call = Number((id >> 32n) & 0xffff_ffffn);
    return this.#batches.get(keyOf(client, call));
  }

  /** D5 for one message: somebody sent exactly this. */
  foreign(message: { readonly id: bigint; readonly digest: number }): Violation | undefined {
    const sent = this.find(message.id);
    const index = Number(message.id & 0xffff_ffffn) - 1;
    const name = message.id.toString(16);
    if (sent === undefined) {
      return { class: 'D', invariant: 'D5', detail: `nobody sent message ${name}` };
    }
    if (sent.digests[index] === message.digest) return undefined;
    return { class: 'D', invariant: 'D5', detail: `message ${name} is not as it was sent` };
  }
}

function keyOf(client: number, call: number): number {
  return client * 0x1_0000_0000 + call;
}

/** Id of a message. */
export function messageId(client: number, call: number, index: number): bigint {
  return (BigInt(client + 1) << 64n) | (BigInt(call) << 32n) | BigInt(index + 1);
}
