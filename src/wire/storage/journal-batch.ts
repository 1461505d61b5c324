import {
  getU16,
  getU32,
  getU64,
  setU16,
  setU32,
  setU64,
  setU64Number,
  tryGetU64Number,
} from '../../base/index.js';
import { xxh3Parts } from '../checksum/index.js';
import { entryLength, prepareHeaderBytes } from './prepare-entry.js';

/** Bytes of the frame in front of every batch. */
export const batchFrameBytes = 32;
/** Entries of one batch at most. */
export const batchEntriesMax = 127;
/** The ASCII letters `IGB1`, little-endian. */
export const batchMagic = 0x3142_4749;

/** What a batch holds: log entries, or the bare header of the last drained op. */
export type BatchKind = 'entries' | 'anchor';

const kindCodes: Readonly<Record<BatchKind, number>> = { entries: 1, anchor: 2 };

/** One intact batch of a journal file. */
export interface JournalBatch {
  readonly kind: BatchKind;
  /** 1 for the first batch of a file, then plus one each. */
  readonly number: number;
  /** Place of the frame in the file. */
  readonly offset: number;
  /** Frame and entries together. */
  readonly length: number;
  /** Whole prepares; of an anchor the one bare header. They alias the scanned bytes. */
  readonly entries: readonly Uint8Array[];
}

/**
 * The 32-byte frame of a batch: its entries follow it in the file, unchanged.
 * @param offset where the frame will start in the file
 */
export function encodeBatchFrame(
  batch: { readonly kind: BatchKind; readonly number: number; readonly offset: number },
  entries: readonly Uint8Array[],
): Uint8Array {
  let length = 0;
  for (const entry of entries) length += entry.length;
  const frame = new Uint8Array(batchFrameBytes);
  setU32(frame, 0, batchMagic);
  setU16(frame, 4, kindCodes[batch.kind]);
  setU16(frame, 6, entries.length);
  setU64Number(frame, 8, batch.number);
  setU64Number(frame, 16, length);
  setU64(frame, 24, batchHash(batch.offset, frame, entries));
  return frame;
}

/** The batch that starts at `offset`, or `undefined` if no intact one does. */
export function decodeBatch(bytes: Uint8Array, offset: number): JournalBatch | undefined {
  if (bytes.length - offset < batchFrameBytes) return undefined;
  if (getU32(bytes, offset) !== batchMagic) return undefined;
  const number = tryGetU64Number(bytes, offset + 8);
  const bodyLength = tryGetU64Number(bytes, offset + 16);
  const start = offset + batchFrameBytes;
  if (number < 1 || bodyLength < prepareHeaderBytes || start + bodyLength > bytes.length) {
    return undefined;
  }
  const body = bytes.subarray(start, start + bodyLength);
  const frame = bytes.subarray(offset, start);
  if (getU64(frame, 24) !== batchHash(offset, frame, [body])) return undefined;
  const code = getU16(frame, 4);
  const count = getU16(frame, 6);
  const kind = code === kindCodes.anchor ? 'anchor' : 'entries';
  const entries = kind === 'anchor' ? [body] : splitEntries(body);
  if (kindCodes[kind] !== code || entries?.length !== count || count > batchEntriesMax) {
    return undefined;
  }
  if (kind === 'anchor' && (count !== 1 || bodyLength !== prepareHeaderBytes)) return undefined;
  return { kind, number, offset, length: batchFrameBytes + bodyLength, entries };
}

/** Over the place of the frame too, so that a batch at another place is not one. */
function batchHash(offset: number, frame: Uint8Array, entries: readonly Uint8Array[]): bigint {
  setU64Number(hashHead, 0, offset);
  for (let i = 0; i < 24; i++) hashHead[8 + i] = frame[i] ?? 0;
  return xxh3Parts([hashHead, ...entries]);
}

const hashHead = new Uint8Array(32);

function splitEntries(body: Uint8Array): Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset < body.length) {
    const length = entryLength(body, offset);
    if (length < 0) return undefined;
    entries.push(body.subarray(offset, offset + length));
    offset += length;
  }
  return entries;
}
