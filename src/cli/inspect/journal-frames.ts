import { getU16, getU32, getU64, setU64Number, tryGetU64Number } from '../../base/index.js';
import {
  batchEntriesMax,
  batchFrameBytes,
  batchMagic,
  prepareHeaderBytes,
  xxh3Parts,
} from '../../wire/index.js';
import { findRecord } from './find-record.js';
import type { OpenedFile } from './opened-file.js';

/** What a batch frame says, whether or not its checksum holds. */
export interface FrameFacts {
  readonly number: number;
  readonly entries: number;
  readonly isAnchor: boolean;
  /** Frame and what follows it. */
  readonly length: number;
  readonly checksum: bigint;
}

/** The frame at `offset` if it could be one. */
export function frameAt(file: OpenedFile, offset: number): FrameFacts | undefined {
  const bytes = file.read(offset, batchFrameBytes);
  return bytes.length < batchFrameBytes ? undefined : factsOf(bytes, 0);
}

function factsOf(bytes: Uint8Array, at: number): FrameFacts | undefined {
  if (getU32(bytes, at) !== batchMagic) return undefined;
  const kind = getU16(bytes, at + 4);
  const entries = getU16(bytes, at + 6);
  const number = tryGetU64Number(bytes, at + 8);
  const length = tryGetU64Number(bytes, at + 16);
  if (kind !== 1 && kind !== 2) return undefined;
  if (entries < 1 || entries > batchEntriesMax || number < 1) return undefined;
  if (length < prepareHeaderBytes) return undefined;
  return {
    ...{ number, entries, isAnchor: kind === 2, length: batchFrameBytes + length },
    checksum: getU64(bytes, at + 24),
  };
}

/** True when the frame's checksum holds; the batch is read piece by piece. */
export function isIntactBatch(file: OpenedFile, offset: number, frame: FrameFacts): boolean {
  if (offset + frame.length > file.size) return false;
  const head = new Uint8Array(32);
  setU64Number(head, 0, offset);
  head.set(file.read(offset, 24), 8);
  const body = file.chunks(offset + batchFrameBytes, frame.length - batchFrameBytes);
  return xxh3Parts(withHead(head, body)) === frame.checksum;
}

function* withHead(head: Uint8Array, body: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield head;
  yield* body;
}

/** Where the next intact batch with a number above `above` begins, or -1. */
export function findBatch(file: OpenedFile, from: number, above: number): number {
  return findRecord(file, from, {
    head: batchFrameBytes,
    isLikely: (window, at) => (factsOf(window, at)?.number ?? 0) > above,
    isRecord: (offset) => {
      const frame = frameAt(file, offset);
      return frame !== undefined && isIntactBatch(file, offset, frame);
    },
  });
}
