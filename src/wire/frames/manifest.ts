import { getU32, getU64, setU32, setU64 } from '../../base/index.js';
import { matchesXxh3, writeXxh3 } from '../checksum/index.js';
import { WireError } from '../errors.js';

/** What an artifact of a state transfer is. */
export const ArtifactKind = {
  MetadataSnapshot: 0,
  ClientTable: 1,
  SegmentLog: 2,
  ConsumerOffsets: 3,
} as const;

export type ArtifactKind = (typeof ArtifactKind)[keyof typeof ArtifactKind];

/** One artifact that a replica offers. */
export interface ManifestEntry {
  /** One of {@link ArtifactKind}; others are read, for the future. */
  readonly kind: number;
  /** Snapshot sequence, table frontier, base offset or commit op: it depends on the kind. */
  readonly frontier: bigint;
  /** Size of the artifact, bytes. */
  readonly len: bigint;
  /** XXH3-64 of the artifact. */
  readonly checksum: bigint;
}

/** Which rule a manifest breaks. */
export type ManifestFault =
  | 'Truncated'
  | 'ChecksumMismatch'
  | 'BadMagic'
  | 'TooManyEntries'
  | 'EntryTooShort';

/** Most artifacts of one manifest. */
export const manifestEntriesMax = 65_536;

const magic = 0x314d_5349; // "ISM1", little-endian
const headSize = 9;
const entrySize = 25;
const trailerSize = 8;

/** The body of a StateTransferTarget that makes an offer. @throws WIRE_MANIFEST */
export function encodeManifest(entries: readonly ManifestEntry[]): Uint8Array {
  if (entries.length > manifestEntriesMax) throw fault('TooManyEntries', 'too many artifacts');
  const size = headSize + entries.length * entrySize + trailerSize;
  const bytes = new Uint8Array(size);
  setU32(bytes, 0, magic);
  setU32(bytes, 4, entries.length);
  bytes[8] = entrySize;
  for (const [index, { kind, frontier, len, checksum }] of entries.entries()) {
    const start = headSize + index * entrySize;
    bytes[start] = kind;
    setU64(bytes, start + 1, frontier);
    setU64(bytes, start + 9, len);
    setU64(bytes, start + 17, checksum);
  }
  writeXxh3(bytes, size - trailerSize, bytes, 0, size - trailerSize);
  return bytes;
}

/**
 * Reads a manifest: trailer, magic, count, entry length, entries, nothing left over. Entries may
 * be longer than ours; what follows the known part is skipped.
 * @throws WIRE_MANIFEST with `details.reason`
 */
export function decodeManifest(bytes: Uint8Array): readonly ManifestEntry[] {
  const end = bytes.length - trailerSize;
  if (end < 0) throw fault('Truncated', 'no room for the checksum at the end');
  if (!matchesXxh3(bytes, end, bytes, 0, end)) {
    throw fault('ChecksumMismatch', 'the checksum at the end does not match');
  }
  if (end < headSize) throw fault('Truncated', 'no room for the head');
  if (getU32(bytes, 0) !== magic) throw fault('BadMagic', 'does not begin with ISM1');
  const count = getU32(bytes, 4);
  if (count > manifestEntriesMax) throw fault('TooManyEntries', `${count} artifacts`);
  const stride = bytes[8] ?? 0;
  if (stride < entrySize) throw fault('EntryTooShort', `entries of ${stride} bytes`);
  if (headSize + count * stride !== end) throw fault('Truncated', 'entries and size disagree');
  const entries: ManifestEntry[] = [];
  for (let start = headSize; start < end; start += stride) {
    entries.push({
      kind: bytes[start] ?? 0,
      frontier: getU64(bytes, start + 1),
      len: getU64(bytes, start + 9),
      checksum: getU64(bytes, start + 17),
    });
  }
  return entries;
}

function fault(reason: ManifestFault, text: string): WireError {
  return new WireError('WIRE_MANIFEST', `state manifest: ${text}`, { reason });
}
