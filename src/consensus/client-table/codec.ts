import {
  concatBytes,
  getU32,
  getU64,
  getU128,
  setU32,
  setU64,
  setU64Number,
  setU128,
  tryGetU64Number,
} from '../../base/index.js';
import { xxh3, xxh3Parts } from '../../wire/index.js';
import { ConsensusDecodeError } from '../errors.js';
import type { ClientTableImage, LiveEntryImage, RetiredEntryImage } from './image.js';

/** ASCII `IGT1`. */
const magic = 0x3154_4749;
const liveFixed = 4 + 8 + 16 + 8 + 4 + 8 + 16 + 1;
const retiredFixed = 16 + 4 + 8 + 16 + 8 + 8 + 4;

/**
 * State-transfer form of a client table: both tiers with slots, origins and whole rings, and a
 * XXH3-64 trailer.
 */
export function encodeClientTable(image: ClientTableImage): Uint8Array {
  const parts: Uint8Array[] = [count([magic, image.live.length])];
  for (const entry of image.live) {
    parts.push(encodeLive(entry));
    for (const reply of entry.replies) parts.push(count([reply.length]), reply);
  }
  parts.push(count([image.retired.length]));
  for (const entry of image.retired) {
    parts.push(encodeRetired(entry));
    if (entry.reply !== undefined) parts.push(entry.reply);
  }
  const trailer = new Uint8Array(8);
  setU64(trailer, 0, xxh3Parts(parts));
  return concatBytes([...parts, trailer]);
}

/** Reverses {@link encodeClientTable}; replies alias `bytes`. @throws CONSENSUS_MALFORMED */
export function decodeClientTable(bytes: Uint8Array): ClientTableImage {
  const end = bytes.length - 8;
  if (end < 12 || getU64(bytes, end) !== xxh3(bytes, 0, end)) refuse('wrong trailer');
  const cursor = new Cursor(bytes, end);
  if (cursor.u32() !== magic) refuse('wrong magic');
  const live = readList(cursor, decodeLive);
  const retired = readList(cursor, decodeRetired);
  cursor.finish();
  return { live, retired };
}

function count(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  for (const [i, value] of values.entries()) setU32(bytes, 4 * i, value);
  return bytes;
}

function encodeLive(entry: LiveEntryImage): Uint8Array {
  const bytes = new Uint8Array(liveFixed);
  setU32(bytes, 0, entry.slot);
  setU64Number(bytes, 4, entry.origin);
  setU128(bytes, 12, entry.client);
  setU64Number(bytes, 28, entry.epoch);
  setU32(bytes, 36, entry.userId);
  setU64(bytes, 40, entry.watermark);
  setU128(bytes, 48, entry.watermarkChecksum);
  bytes[64] = entry.replies.length;
  return bytes;
}

function decodeLive(cursor: Cursor): LiveEntryImage {
  const slot = cursor.u32();
  const origin = cursor.safe();
  const client = cursor.u128();
  const epoch = cursor.safe();
  const userId = cursor.u32();
  const watermark = cursor.u64();
  const watermarkChecksum = cursor.u128();
  const replies: Uint8Array[] = [];
  const length = cursor.u8();
  for (let i = 0; i < length; i++) replies.push(cursor.bytes(cursor.u32()));
  return { slot, origin, client, epoch, userId, watermark, watermarkChecksum, replies };
}

function encodeRetired(entry: RetiredEntryImage): Uint8Array {
  const bytes = new Uint8Array(retiredFixed);
  setU128(bytes, 0, entry.client);
  setU32(bytes, 16, entry.userId);
  setU64(bytes, 20, entry.watermark);
  setU128(bytes, 28, entry.watermarkChecksum);
  setU64Number(bytes, 44, entry.origin);
  setU64Number(bytes, 52, entry.latestCommit);
  setU32(bytes, 60, entry.reply?.length ?? 0);
  return bytes;
}

function decodeRetired(cursor: Cursor): RetiredEntryImage {
  const client = cursor.u128();
  const userId = cursor.u32();
  const watermark = cursor.u64();
  const watermarkChecksum = cursor.u128();
  const origin = cursor.safe();
  const latestCommit = cursor.safe();
  const length = cursor.u32();
  const entry = { client, userId, watermark, watermarkChecksum, origin, latestCommit };
  return length === 0 ? entry : { ...entry, reply: cursor.bytes(length) };
}

function readList<T>(cursor: Cursor, read: (cursor: Cursor) => T): readonly T[] {
  const items: T[] = [];
  const length = cursor.u32();
  for (let i = 0; i < length; i++) items.push(read(cursor));
  return items;
}

/** Reads within bounds; anything beyond them is malformed. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at = 0;

  constructor(bytes: Uint8Array, end: number) {
    this.#bytes = bytes;
    this.#end = end;
  }

  u8(): number {
    return this.#bytes[this.#advance(1)] ?? 0;
  }

  u32(): number {
    return getU32(this.#bytes, this.#advance(4));
  }

  u64(): bigint {
    return getU64(this.#bytes, this.#advance(8));
  }

  safe(): number {
    const value = tryGetU64Number(this.#bytes, this.#advance(8));
    if (value < 0) refuse('a number above 2^53-1');
    return value;
  }

  u128(): bigint {
    return getU128(this.#bytes, this.#advance(16));
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  finish(): void {
    if (this.#at !== this.#end) refuse('trailing bytes');
  }

  #advance(length: number): number {
    const start = this.#at;
    if (start + length > this.#end) refuse('truncated');
    this.#at = start + length;
    return start;
  }
}

function refuse(message: string): never {
  throw new ConsensusDecodeError(`client table: ${message}`);
}
