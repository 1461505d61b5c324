import { getU64 } from '../../base/index.js';
import { isoTime } from '../../render/index.js';
import { batchHeaderSize, indexEntrySize, isWireError, readBatchHeader } from '../../wire/index.js';
import type { Fields } from '../output/result.js';
import type { Verdict } from './journal-items.js';
import { isFile, OpenedFile } from './opened-file.js';

/** An entry of an index file, compared with the segment beside it. */
export interface IndexRow {
  readonly number: number;
  readonly at: number;
  readonly offset: bigint;
  readonly timestamp: bigint;
  readonly position: bigint;
  /** Whether the segment has that batch there; `none` when there is no segment. */
  readonly segment: Verdict;
  readonly warnings: readonly string[];
}

/** Entries are read in blocks and handed out one by one; gives the bytes that are left over. */
export function readIndex(path: string, visit: (row: IndexRow) => void): number {
  const logPath = path.replace(/\.index$/, '.log');
  const log = logPath !== path && isFile(logPath) ? OpenedFile.open(logPath) : undefined;
  try {
    return OpenedFile.with(path, (file) => {
      let before: IndexRow | undefined;
      const blocks = new Blocks(file);
      const count = Math.floor(file.size / indexEntrySize);
      for (let number = 0; number < count; number++) {
        const at = number * indexEntrySize;
        before = rowOf(blocks.at(at), { number: number + 1, at }, before, log);
        visit(before);
      }
      return file.size - count * indexEntrySize;
    });
  } finally {
    log?.close();
  }
}

const blockBytes = 4096 * indexEntrySize;

/** Reads a file in blocks of whole entries. */
class Blocks {
  readonly #file: OpenedFile;
  #from = -1;
  #bytes: Uint8Array = new Uint8Array();

  constructor(file: OpenedFile) {
    this.#file = file;
  }

  /** The entry at a position. */
  at(position: number): Uint8Array {
    const from = position - (position % blockBytes);
    if (from !== this.#from) {
      this.#bytes = this.#file.read(from, blockBytes);
      this.#from = from;
    }
    return this.#bytes.subarray(position - from, position - from + indexEntrySize);
  }
}

function rowOf(
  bytes: Uint8Array,
  place: { readonly number: number; readonly at: number },
  before: IndexRow | undefined,
  log: OpenedFile | undefined,
): IndexRow {
  const offset = getU64(bytes, 0);
  const timestamp = getU64(bytes, 8);
  const position = getU64(bytes, 16);
  const warnings: string[] = [];
  const grows = before === undefined || (offset > before.offset && position > before.position);
  if (!grows) warnings.push('offset and position must grow from entry to entry');
  const segment = compare(log, { offset, timestamp, position });
  if (segment === 'mismatch') warnings.push('the segment has no such batch there');
  return { ...place, offset, timestamp, position, segment, warnings };
}

function compare(
  log: OpenedFile | undefined,
  entry: { readonly offset: bigint; readonly timestamp: bigint; readonly position: bigint },
): Verdict {
  if (log === undefined) return 'none';
  if (entry.position + BigInt(batchHeaderSize) > BigInt(log.size)) return 'mismatch';
  try {
    const header = readBatchHeader(log.read(Number(entry.position), batchHeaderSize));
    const isSame =
      BigInt(header.baseOffset) === entry.offset &&
      BigInt(header.baseTimestamp) === entry.timestamp;
    return isSame ? 'ok' : 'mismatch';
  } catch (error) {
    if (isWireError(error)) return 'mismatch';
    throw error;
  }
}

export function indexFields(path: string, row: IndexRow): Fields {
  const { number, at, offset, timestamp, position, segment, warnings } = row;
  return {
    ...{ file: path, offset: BigInt(at), length: indexEntrySize },
    fields: { entry: number, offset, timestamp: isoTime(timestamp) ?? null, position },
    checks: { segment },
    warnings,
  };
}
