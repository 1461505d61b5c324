import { getU32, getU64, getU64Number, getU128 } from '../../base/index.js';
import { commands, consumerKey, decode, Operation, prepareHeader } from '../../wire/index.js';
import { digestOf } from '../trace/trace-hash.js';

/** One message as its producer made it. */
interface ReferenceMessage {
  readonly id: bigint;
  /** Of everything behind its checksum: id, deltas, lengths, payload, headers. */
  readonly digest: number;
}

/** One batch of the log. */
export interface ReferenceBatch {
  readonly op: number;
  readonly base: number;
  readonly timestamp: number;
  readonly messages: readonly ReferenceMessage[];
  /** Of the stamped batch, where somebody asked for it; else 0. */
  readonly digest: number;
}

const batchHeader = { base: 8, timestamp: 16, length: 32, count: 48, size: 256 } as const;
const frame = { body: 8, id: 8, headers: 32, payload: 36, size: 48 } as const;
const at = prepareHeader.offsetOf;

/** Nobody can have these client ids: polls that store what they served, and purges. */
const autoCommit = (1n << 128n) - 1n;
const purge = (1n << 128n) - 2n;

/** The batch in `bytes[start..]`, read by its layout alone. @param op 0 = it is in no log yet */
export function readReferenceBatch(
  bytes: Uint8Array,
  start: number,
  op = 0,
  isWhole = false,
): ReferenceBatch {
  const end = start + referenceBatchLength(bytes, start);
  const messages: ReferenceMessage[] = [];
  for (let p = start + batchHeader.size; p < end; ) {
    const sizes = getU32(bytes, p + frame.headers) + getU32(bytes, p + frame.payload);
    const next = p + frame.size + sizes;
    const digest = digestOf(bytes, p + frame.body, next);
    messages.push({ id: getU128(bytes, p + frame.id), digest });
    p = next;
  }
  return {
    op,
    base: getU64Number(bytes, start + batchHeader.base),
    timestamp: getU64Number(bytes, start + batchHeader.timestamp),
    messages,
    digest: isWhole ? digestOf(bytes, start, end) : 0,
  };
}

/** Length of the batch at `start`. */
export function referenceBatchLength(bytes: Uint8Array, start: number): number {
  const length = getU64Number(bytes, start + batchHeader.length);
  if (length < batchHeader.size || start + length > bytes.length) {
    throw new RangeError(`no batch at byte ${start}`);
  }
  return length;
}

/**
 * The rules of one partition written down a second time, plainly: messages by offset, stored offsets,
 * purges. Fed with the committed entries of its log.
 */
export class ReferencePartition {
  next = 0;
  /** Purges the log has gone through. */
  generation = 0;
  /** Batches since the last purge, ascending. */
  batches: ReferenceBatch[] = [];
  /** Batches from before each purge, for replicas that have not come to it yet. */
  readonly purged: ReferenceBatch[][] = [];
  readonly offsets = new Map<string, number>();
  /** Messages by id: how many copies the log holds. */
  readonly copies = new Map<bigint, number>();

  /** Applies a committed prepare; gives what is wrong with it, if anything. */
  apply(entry: Uint8Array): string | undefined {
    const operation = entry[at.operation] ?? 0;
    const client = getU128(entry, at.client);
    const body = entry.subarray(256);
    if (operation === Operation.SendMessages) return this.#append(entry, body);
    if (operation === Operation.DeleteConsumerOffset) {
      const { consumer } = decode(commands.delete_consumer_offset.request, body);
      this.offsets.delete(keyOf(consumer));
      return undefined;
    }
    if (operation !== Operation.StoreConsumerOffset) return undefined;
    const { consumer, offset } = decode(commands.store_consumer_offset.request, body);
    if (client === purge) {
      this.#purge(Number(offset));
      return undefined;
    }
    const key = keyOf(consumer);
    const before = client === autoCommit ? (this.offsets.get(key) ?? -1) : -1;
    this.offsets.set(key, Math.max(before, Number(offset)));
    return undefined;
  }

  /** The batch that holds an offset in the present generation. */
  batchOf(offset: number): ReferenceBatch | undefined {
    return findBatch(this.batches, offset);
  }

  /** What a generation held, the present one last. */
  generations(): readonly (readonly ReferenceBatch[])[] {
    return [...this.purged, this.batches];
  }

  #append(entry: Uint8Array, body: Uint8Array): string | undefined {
    const op = getU64Number(entry, at.op);
    const batch = readReferenceBatch(body, 0, op, true);
    const { base, messages, timestamp } = batch;
    const expected = this.next;
    this.next = base + messages.length;
    this.batches.push(batch);
    for (const { id } of messages) this.copies.set(id, (this.copies.get(id) ?? 0) + 1);
    if (base !== expected) return `op ${op} begins at offset ${base}, not at ${expected}`;
    if (timestamp !== Number(getU64(entry, at.timestamp))) {
      return `op ${op} is stamped with another time than its prepare`;
    }
    return undefined;
  }

  #purge(generation: number): void {
    this.purged.push(this.batches);
    this.batches = [];
    this.offsets.clear();
    this.next = 0;
    this.generation = Math.max(this.generation, generation);
  }
}

/** The batch of an ascending list that holds an offset. */
export function findBatch(
  batches: readonly ReferenceBatch[],
  offset: number,
): ReferenceBatch | undefined {
  let low = 0;
  let high = batches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((batches[middle]?.base ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const batch = batches[low - 1];
  return batch !== undefined && offset < batch.base + batch.messages.length ? batch : undefined;
}

/** `1/key` for a consumer, `2/id` for a group. */
function keyOf({ kind, id }: { readonly kind: number; readonly id: number | string }): string {
  return `${kind}/${kind === 1 ? consumerKey(id) : id}`;
}
