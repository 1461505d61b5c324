import { getU32, getU128 } from '../../base/index.js';
import {
  Command,
  isWireError,
  matchesIdentity,
  Operation,
  prepareHeaderBytes,
  prepareView,
  verifyBatch,
  verifyPrepareBody,
} from '../../wire/index.js';
import { findRecord } from './find-record.js';
import type { CutItem, DamageItem, EntryItem, Verdict } from './journal-items.js';
import type { OpenedFile } from './opened-file.js';

const entryBytesMax = 64 * 1024 * 1024;

/** Remembers the entry before, to see whether the next one names it. */
export class Chain {
  #op = -1;
  #checksum = 0n;

  /** The verdict on an entry's parent; the entry becomes the one before. */
  follow(header: Uint8Array): Verdict {
    const op = opOf(header);
    const parent = prepareView.parent(header);
    const isNext = op === this.#op + 1 && this.#op >= 0;
    const isKnown = isNext && this.#checksum !== 0n;
    const verdict = !isKnown ? 'none' : parent === this.#checksum ? 'ok' : 'mismatch';
    this.#op = op;
    this.#checksum = prepareView.checksum(header);
    return verdict;
  }
}

/** The op of an entry; -1 when it is no number that can be one. */
export function opOf(header: Uint8Array): number {
  try {
    return prepareView.op(header);
  } catch {
    return -1;
  }
}

/** The length a header gives its entry, if it could be a log entry at all. */
function plausibleLength(header: Uint8Array, at = 0): number | undefined {
  if (header.length - at < prepareHeaderBytes) return undefined;
  const size = getU32(header, at + 48);
  if (header[at + 60] !== Command.Prepare) return undefined;
  return size >= prepareHeaderBytes && size <= entryBytesMax ? size : undefined;
}

/** Where entries are read from. */
export interface EntryRange {
  readonly start: number;
  /** Entries end here. */
  readonly end: number;
  readonly batch: number | undefined;
  /** True when the file goes on behind `end`: then a missing rest is damage. */
  readonly isBounded: boolean;
}

/** The entries of a range, up to the first that is none. */
export function* entriesOf(
  file: OpenedFile,
  range: EntryRange,
  chain: Chain,
): Generator<EntryItem | DamageItem | CutItem> {
  for (let offset = range.start; offset < range.end; ) {
    const header = file.read(offset, Math.min(prepareHeaderBytes, range.end - offset));
    const length = plausibleLength(header);
    const rest = range.end - offset;
    if (length === undefined || length > rest || !isTrusted(file, range, offset, length)) {
      yield endOf(header, { offset, rest, length, isBounded: range.isBounded });
      return;
    }
    const bytes = file.read(offset, length);
    yield entryItem(bytes, { offset, batch: range.batch, isAnchor: false }, chain);
    offset += length;
  }
}

/** A header whose checksum does not hold may have a wrong length: then something must follow there. */
function isTrusted(file: OpenedFile, range: EntryRange, offset: number, length: number): boolean {
  const next = offset + length;
  if (next === range.end) return true;
  const header = file.read(offset, prepareHeaderBytes);
  if (isUnsealed(header) || matchesIdentity(header)) return true;
  return plausibleLength(file.read(next, prepareHeaderBytes)) !== undefined;
}

/** A record that is not there as a whole: cut when nothing contradicts that, else damaged. */
function endOf(
  header: Uint8Array,
  at: {
    readonly offset: number;
    readonly rest: number;
    readonly length: number | undefined;
    readonly isBounded: boolean;
  },
): DamageItem | CutItem {
  const { offset, rest, length, isBounded } = at;
  const isShort = header.length < prepareHeaderBytes;
  const isLikely = length !== undefined && (isUnsealed(header) || matchesIdentity(header));
  if (!isBounded && (isShort || (isLikely && length > rest))) {
    const whole = length ?? prepareHeaderBytes;
    return { kind: 'cut', offset, present: rest, missing: whole - rest };
  }
  return { kind: 'damage', offset, length: rest, reason: 'no log entry begins here' };
}

export function entryItem(
  bytes: Uint8Array,
  place: { readonly offset: number; readonly batch: number | undefined; isAnchor: boolean },
  chain: Chain,
): EntryItem {
  const frame = isUnsealed(bytes) ? 'unsealed' : matchesIdentity(bytes) ? 'ok' : 'mismatch';
  const body = place.isAnchor ? 'none' : bodyVerdict(bytes);
  const parent = chain.follow(bytes);
  return { kind: 'entry', ...place, length: bytes.length, bytes, frame, body, parent };
}

function bodyVerdict(bytes: Uint8Array): Verdict {
  const verdict = verifyPrepareBody(bytes);
  if (verdict !== 'valid') return verdict;
  if (prepareView.operation(bytes) !== Operation.SendMessages) return 'ok';
  // The seal of messages is the checksum in their batch, which has to hold itself.
  try {
    verifyBatch(bytes, prepareHeaderBytes);
    return 'ok';
  } catch (error) {
    if (isWireError(error)) return 'mismatch';
    throw error;
  }
}

function isUnsealed(header: Uint8Array): boolean {
  return getU128(header, 0) === 0n;
}

/** Where the next intact sealed entry begins, or -1. */
export function findEntry(file: OpenedFile, from: number): number {
  return findRecord(file, from, {
    head: prepareHeaderBytes,
    isLikely: (window, at) => plausibleLength(window, at) !== undefined,
    isRecord: (offset) => {
      const header = file.read(offset, prepareHeaderBytes);
      const length = plausibleLength(header) ?? 0;
      if (isUnsealed(header) || !matchesIdentity(header)) return false;
      return length > 0 && offset + length <= file.size;
    },
  });
}
