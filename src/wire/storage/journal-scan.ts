import { getU32 } from '../../base/index.js';
import { batchMagic, decodeBatch, type JournalBatch } from './journal-batch.js';
import { entryLength, isIntactEntry, prepareHeaderBytes } from './prepare-entry.js';

/** What follows the last intact record of a journal file. */
export type JournalTail =
  /** The file ends with it. */
  | 'clean'
  /** The rest of an unfinished write: nothing in it was ever acknowledged. */
  | 'torn'
  /** Damage in front of intact records: durable, possibly committed data is gone. */
  | 'interior';

/** Contents of a journal file. */
export interface JournalScan {
  /** `framed`: ours, batches. `plain`: upstream's, bare entries. An empty file is framed. */
  readonly layout: 'framed' | 'plain';
  /** Intact entries in file order; they alias the scanned bytes. */
  readonly entries: readonly Uint8Array[];
  /** Bare header of the last drained op (partitions). */
  readonly anchor?: Uint8Array;
  /** Batches of the framed layout. */
  readonly batches: readonly JournalBatch[];
  /** Bytes up to the end of the last intact record. */
  readonly validLength: number;
  readonly tail: JournalTail;
  /** Where an intact record was found behind the damage. */
  readonly intactAt?: number;
}

/**
 * Reads a journal file of either layout. A bad batch is a torn tail unless an intact one with a
 * higher number begins anywhere behind it; the first batch tells the layouts apart, and a file whose
 * first record is damaged counts as ours if it starts with our magic.
 * @param isOurs it can only be ours, unless it begins with a bare entry: the first batch may be torn
 */
export function scanJournal(bytes: Uint8Array, isOurs = false): JournalScan {
  const hasMagic = bytes.length < 4 || getU32(bytes, 0) === batchMagic;
  const isFramed = hasMagic || (isOurs && intactEntryAt(bytes, 0) === undefined);
  return isFramed ? scanFramed(bytes) : scanPlain(bytes);
}

function scanFramed(bytes: Uint8Array): JournalScan {
  const batches: JournalBatch[] = [];
  const entries: Uint8Array[] = [];
  let anchor: Uint8Array | undefined;
  let offset = 0;
  while (offset < bytes.length) {
    const batch = decodeBatch(bytes, offset);
    const isExpected =
      batch?.number === batches.length + 1 && (batch.kind === 'entries' || batch.number === 1);
    if (batch === undefined || !isExpected) break;
    batches.push(batch);
    if (batch.kind === 'anchor') anchor = batch.entries[0];
    else entries.push(...batch.entries);
    offset += batch.length;
  }
  const intactAt = offset === bytes.length ? -1 : findBatch(bytes, offset + 1, batches.length);
  return {
    layout: 'framed',
    entries,
    ...(anchor !== undefined && { anchor }),
    batches,
    validLength: offset,
    ...tailOf(bytes.length - offset, intactAt),
  };
}

/** Where an intact batch with a number above `above` begins, or -1. */
function findBatch(bytes: Uint8Array, from: number, above: number): number {
  const first = batchMagic & 0xff;
  let offset = bytes.indexOf(first, from);
  while (offset >= 0) {
    const batch = decodeBatch(bytes, offset);
    if (batch !== undefined && batch.number > above) return offset;
    offset = bytes.indexOf(first, offset + 1);
  }
  return -1;
}

function scanPlain(bytes: Uint8Array): JournalScan {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const entry = intactEntryAt(bytes, offset);
    if (entry === undefined) break;
    entries.push(entry);
    offset += entry.length;
  }
  const rest = bytes.length - offset;
  const intactAt = rest === 0 ? -1 : findEntry(bytes, offset + 1);
  return { layout: 'plain', entries, batches: [], validLength: offset, ...tailOf(rest, intactAt) };
}

function findEntry(bytes: Uint8Array, from: number): number {
  for (let offset = from; offset + prepareHeaderBytes <= bytes.length; offset++) {
    if (intactEntryAt(bytes, offset) !== undefined) return offset;
  }
  return -1;
}

function intactEntryAt(bytes: Uint8Array, offset: number): Uint8Array | undefined {
  const length = entryLength(bytes, offset);
  if (length < 0) return undefined;
  const entry = bytes.subarray(offset, offset + length);
  return isIntactEntry(entry) ? entry : undefined;
}

function tailOf(rest: number, intactAt: number): Pick<JournalScan, 'tail' | 'intactAt'> {
  if (rest === 0) return { tail: 'clean' };
  return intactAt < 0 ? { tail: 'torn' } : { tail: 'interior', intactAt };
}
