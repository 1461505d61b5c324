import { getU64Number, setU64Number, tryGetU64Number } from '../../base/index.js';
import { field, restOf, type StructValue, struct, u64 } from '../schema/index.js';

/** Size of one index entry, bytes. */
export const indexEntrySize = 24;

const shape = {
  offset: field(u64, 'Offset of the first message of a batch.'),
  timestamp: field(u64, 'Server time of that batch, microseconds.'),
  position: field(u64, 'Where the batch begins in the segment file.'),
} as const;

/** One entry of an `.index` file as it is shown. */
export interface IndexEntryRecord extends StructValue<typeof shape> {}

/** An `.index` file: one entry per flushed chunk, for the first batch of the chunk. */
export const indexFile = restOf(struct('IndexEntry', shape, indexEntrySize));

/** One entry of an `.index` file. */
export interface IndexEntry {
  readonly offset: number;
  readonly timestamp: number;
  readonly position: number;
}

/** Writes an entry at `at`. */
export function writeIndexEntry(target: Uint8Array, at: number, entry: IndexEntry): void {
  setU64Number(target, at, entry.offset);
  setU64Number(target, at + 8, entry.timestamp);
  setU64Number(target, at + 16, entry.position);
}

/** The 24 bytes of an entry. */
export function encodeIndexEntry(entry: IndexEntry): Uint8Array {
  const bytes = new Uint8Array(indexEntrySize);
  writeIndexEntry(bytes, 0, entry);
  return bytes;
}

/**
 * The entries of an `.index` file up to the first that cannot be one: a torn last entry, numbers
 * above 2^53-1, or an offset or position that does not grow. An index is a hint: what is missing
 * is found by walking the segment.
 */
export function decodeIndexFile(bytes: Uint8Array): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (let at = 0; at + indexEntrySize <= bytes.length; at += indexEntrySize) {
    if (tryGetU64Number(bytes, at + 8) < 0 || !follows(bytes, at, entries.at(-1))) break;
    entries.push({
      offset: getU64Number(bytes, at),
      timestamp: getU64Number(bytes, at + 8),
      position: getU64Number(bytes, at + 16),
    });
  }
  return entries;
}

function follows(bytes: Uint8Array, at: number, last: IndexEntry | undefined): boolean {
  const offset = tryGetU64Number(bytes, at);
  const position = tryGetU64Number(bytes, at + 16);
  if (offset < 0 || position < 0) return false;
  return last === undefined || (offset > last.offset && position > last.position);
}

/**
 * The last entry whose `key` is at most `value`, or nothing: then the search starts at the
 * beginning of the segment. Entries must ascend, as offsets and positions do.
 */
export function findIndexEntry(
  entries: readonly IndexEntry[],
  key: 'offset' | 'timestamp',
  value: number,
): IndexEntry | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.[key] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1];
}
