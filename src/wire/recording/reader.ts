import { getU32, isZeroBytes, zeroedBytes } from '../../base/index.js';
import { isWireError } from '../errors.js';
import { type CodecValue, decode } from '../schema/index.js';
import {
  blockBytes,
  decodePage,
  noRecord,
  openBlock,
  pageBytes,
  type RecordingBlock,
} from './blocks.js';
import { RecordingError } from './errors.js';
import { inputRecord } from './records.js';

/** One record as it was read; its bytes alias the file's. */
export type RecordedEntry = CodecValue<ReturnType<typeof inputRecord>>;

/** The records of a file, oldest first. */
export interface Recording {
  /** Name and version of the program that wrote it. */
  readonly program: string;
  /** The ring was full, so that the oldest records are gone. */
  readonly isOverwritten: boolean;
  /** The last write was cut off, and with it what it was about. */
  readonly isTorn: boolean;
  /** @throws RECORDING_DAMAGED */
  entries(): Generator<RecordedEntry, void>;
}

/**
 * Reads a recording. What a kill left of the last block is cut away.
 * @throws RECORDING_FOREIGN, RECORDING_NEWER, RECORDING_OLDER, RECORDING_DAMAGED
 */
export function readRecording(file: Uint8Array): Recording {
  const { blockCount, program } = decodePage(file);
  const { blocks, isTorn } = blocksOf(file, blockCount);
  const stream = streamOf(blocks);
  return {
    program,
    isOverwritten: (blocks[0]?.sequence ?? 0) > 0,
    isTorn: isTorn || endOf(stream) < stream.length,
    entries: () => entriesOf(stream),
  };
}

/** The whole blocks in order. Only the one that was being written may be less than whole. */
function blocksOf(
  file: Uint8Array,
  blockCount: number,
): { readonly blocks: readonly RecordingBlock[]; readonly isTorn: boolean } {
  const places = Math.min(blockCount, Math.ceil((file.length - pageBytes) / blockBytes));
  const at = (place: number) => {
    const start = pageBytes + place * blockBytes;
    return file.subarray(start, Math.min(start + blockBytes, file.length));
  };
  const found = Array.from({ length: places }, (_, place) => {
    const block = openBlock(at(place));
    return block === undefined || block.sequence % blockCount !== place ? undefined : block;
  });
  const last = found.reduce((max, block) => Math.max(max, block?.sequence ?? -1), -1);
  const torn = (last + 1) % blockCount;
  const isTorn = torn < places && found[torn] === undefined && !isZeroBytes(at(torn), 0);
  const oldest = Math.max(0, last - blockCount + 1);
  const blocks: RecordingBlock[] = [];
  for (let sequence = oldest; sequence <= last; sequence++) {
    const place = sequence % blockCount;
    const block = found[place];
    if (block?.sequence === sequence) blocks.push(block);
    else if (place !== torn || sequence !== oldest) {
      const text = `block ${place} of ${blockCount} is damaged or missing; records behind it mean nothing without it`;
      throw new RecordingError('RECORDING_DAMAGED', text, { block: place });
    }
  }
  return { blocks, isTorn };
}

/** The bytes of all records, from the first that is whole. */
function streamOf(blocks: readonly RecordingBlock[]): Uint8Array {
  const from = blocks.findIndex(({ first }) => first !== noRecord);
  const kept = from < 0 ? [] : blocks.slice(from);
  const start = kept[0]?.first ?? 0;
  const stream = zeroedBytes(kept.reduce((sum, { payload }) => sum + payload.length, -start));
  let to = 0;
  for (const [i, { payload }] of kept.entries()) {
    const part = i === 0 ? payload.subarray(start) : payload;
    stream.set(part, to);
    to += part.length;
  }
  return stream;
}

/** Where the last whole record ends. */
function endOf(stream: Uint8Array): number {
  let at = 0;
  for (;;) {
    const body = at + 4;
    if (body > stream.length) return at;
    const end = body + getU32(stream, at);
    if (end > stream.length) return at;
    at = end;
  }
}

function* entriesOf(stream: Uint8Array): Generator<RecordedEntry, void> {
  const end = endOf(stream);
  for (let at = 0; at < end; ) {
    const body = at + 4;
    const next = body + getU32(stream, at);
    yield entryIn(stream.subarray(body, next));
    at = next;
  }
}

function entryIn(bytes: Uint8Array): RecordedEntry {
  try {
    return decode(inputRecord(), bytes);
  } catch (cause) {
    if (!isWireError(cause)) throw cause;
    const text = `a record cannot be read: ${cause.message}`;
    throw new RecordingError('RECORDING_DAMAGED', text, {}, { cause });
  }
}
