import { getU64Number, setU64Number, tryGetU64Number } from '../../base/index.js';
import { matchesXxh3, writeXxh3 } from '../checksum/index.js';
import { field, type StructValue, struct, u64 } from '../schema/index.js';

const shape = {
  offset: field(u64, 'Offset a consumer or group has stored.'),
  checksum: field(u64, 'XXH3-64 of the offset.'),
} as const;

/** A file below `offsets/` as it is shown. */
export interface OffsetFileRecord extends StructValue<typeof shape> {}
export const offsetFile = struct('OffsetFile', shape, 16);

const legacySize = 8;

/** What a file below `offsets/` says. */
export type StoredOffset =
  | { readonly kind: 'offset'; readonly offset: number; readonly hasChecksum: boolean }
  /** Cut short: ignored. */
  | { readonly kind: 'torn' }
  /** Does not match its checksum, or no usable number: ignored and removed. */
  | { readonly kind: 'damaged' };

/** The 16 bytes of an offset file. */
export function encodeOffsetFile(offset: number): Uint8Array {
  const bytes = new Uint8Array(offsetFile.size);
  setU64Number(bytes, 0, offset);
  writeXxh3(bytes, 8, bytes, 0, 8);
  return bytes;
}

/** Reads an offset file; the 8-byte files of old servers have no checksum. Never throws. */
export function decodeOffsetFile(bytes: Uint8Array): StoredOffset {
  const hasChecksum = bytes.length >= offsetFile.size;
  if (!hasChecksum && bytes.length !== legacySize) return { kind: 'torn' };
  if (hasChecksum && !matchesXxh3(bytes, 8, bytes, 0, 8)) return { kind: 'damaged' };
  if (tryGetU64Number(bytes, 0) < 0) return { kind: 'damaged' };
  return { kind: 'offset', offset: getU64Number(bytes, 0), hasChecksum };
}
