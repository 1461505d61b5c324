import { getU32 } from '../../base/index.js';
import { matchesChecksum, xxh3 } from '../checksum/index.js';

/** Bytes of a prepare header, the smallest journal entry. */
export const prepareHeaderBytes = 256;
const entryBytesMax = 64 * 1024 * 1024;
const commandPrepare = 6;

/** Length of the journal entry at `offset` if its header could be that of one, else -1. */
export function entryLength(bytes: Uint8Array, offset: number): number {
  if (bytes.length - offset < prepareHeaderBytes) return -1;
  const size = getU32(bytes, offset + 48);
  if (bytes[offset + 60] !== commandPrepare) return -1;
  if (size < prepareHeaderBytes || size > entryBytesMax) return -1;
  return offset + size <= bytes.length ? size : -1;
}

/**
 * True when the entry's identity and body checksums hold; a zero checksum is an unsealed one and
 * holds.
 * @source Iggy consensus protocol: identity is XXH3-64 of the header, checksum and view zeroed
 */
export function isIntactEntry(entry: Uint8Array): boolean {
  return (
    (isZero16(entry, 0) || matchesIdentity(entry)) &&
    (isZero16(entry, 16) || matchesChecksum(entry, 16, entry, prepareHeaderBytes, entry.length))
  );
}

/** True when the first 16 bytes are the identity of the prepare header they belong to. */
export function matchesIdentity(header: Uint8Array): boolean {
  const copy = header.slice(0, prepareHeaderBytes);
  copy.fill(0, 0, 16);
  copy.fill(0, 52, 56);
  return matchesChecksum(header, 0, copy, 0, prepareHeaderBytes);
}

/** XXH3-64 of a prepare header with checksum and view zeroed. */
export function prepareIdentity(header: Uint8Array): bigint {
  const copy = header.slice(0, prepareHeaderBytes);
  copy.fill(0, 0, 16);
  copy.fill(0, 52, 56);
  return xxh3(copy);
}

function isZero16(bytes: Uint8Array, offset: number): boolean {
  for (let i = offset; i < offset + 16; i++) if (bytes[i] !== 0) return false;
  return true;
}
