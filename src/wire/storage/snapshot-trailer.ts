import { getU32, getU128, setU32, setU128 } from '../../base/index.js';
import { xxh3 } from '../checksum/index.js';
import { invalid } from '../errors.js';

/** Magic number of the trailer of `snapshot.bin`. */
export const snapshotMagic = 0x4953_4e50;
const trailerBytes = 20;

/** A snapshot payload with the trailer that proves it whole. */
export function encodeSnapshotFile(payload: Uint8Array): Uint8Array {
  const file = new Uint8Array(payload.length + trailerBytes);
  file.set(payload);
  setU32(file, payload.length, snapshotMagic);
  setU128(file, payload.length + 4, xxh3(payload));
  return file;
}

/** A snapshot file's payload and the checksum that pairs it with a superblock. */
export interface SnapshotFile {
  /** Aliases the file's bytes. */
  readonly payload: Uint8Array;
  readonly checksum: bigint;
  /** Old files have none. */
  readonly hasTrailer: boolean;
}

/** @throws WIRE_INVALID when there is a trailer that the payload does not match */
export function decodeSnapshotFile(file: Uint8Array): SnapshotFile {
  const end = file.length - trailerBytes;
  if (end < 0 || getU32(file, end) !== snapshotMagic) {
    return { payload: file, checksum: xxh3(file), hasTrailer: false };
  }
  const payload = file.subarray(0, end);
  const checksum = xxh3(payload);
  if (getU128(file, end + 4) !== checksum) {
    throw invalid('the snapshot does not match its trailer', { reason: 'checksum' });
  }
  return { payload, checksum, hasTrailer: true };
}
