import { batchFrameBytes, prepareHeaderBytes } from '../../wire/index.js';
import { Chain, entriesOf, entryItem, findEntry } from './journal-entries.js';
import { type FrameFacts, findBatch, frameAt, isIntactBatch } from './journal-frames.js';
import type { BatchItem, JournalItem } from './journal-items.js';
import type { OpenedFile } from './opened-file.js';

/** How a journal file is laid out: ours in batches, or upstream's bare entries. */
export type JournalLayout = 'framed' | 'plain';

/**
 * Walks a journal of either layout and tells everything in it, damaged parts included: behind damage
 * it goes on at the next intact record. Reads one entry at a time.
 */
export class JournalWalk {
  readonly #file: OpenedFile;
  readonly #chain = new Chain();
  readonly layout: JournalLayout;
  #offset = 0;
  #number = 0;

  constructor(file: OpenedFile) {
    this.#file = file;
    this.layout = layoutOf(file);
  }

  /** Where the next record is expected: everything before was told. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * What is there from {@link offset} on. With `isGrowing` a record that is not whole yet ends the
   * walk, to be looked at again later.
   */
  *items(isGrowing = false): Generator<JournalItem> {
    while (this.#offset < this.#file.size) {
      const before = this.#offset;
      if (this.layout === 'framed') yield* this.#batch(isGrowing);
      else yield* this.#plain(isGrowing);
      if (this.#offset === before) return;
    }
  }

  *#plain(isGrowing: boolean): Generator<JournalItem> {
    const file = this.#file;
    const range = { start: this.#offset, end: file.size, batch: undefined, isBounded: false };
    for (const item of entriesOf(file, range, this.#chain)) {
      if (item.kind === 'entry') {
        this.#offset = item.offset + item.length;
        yield item;
        continue;
      }
      if (isGrowing) return;
      const next = findEntry(file, item.offset + 1);
      this.#offset = next < 0 ? file.size : next;
      const length = this.#offset - item.offset;
      const reason = 'no log entry begins here';
      yield next < 0 ? item : { kind: 'damage', offset: item.offset, length, reason };
      return;
    }
  }

  *#batch(isGrowing: boolean): Generator<JournalItem> {
    const file = this.#file;
    const offset = this.#offset;
    const frame = frameAt(file, offset);
    if (frame?.number === this.#number + 1 && isIntactBatch(file, offset, frame)) {
      this.#number = frame.number;
      this.#offset = offset + frame.length;
      yield batchItem(offset, frame, 'ok');
      yield* this.#content(offset, frame, this.#offset, false);
      return;
    }
    if (isGrowing) return;
    const next = findBatch(file, offset + 1, this.#number);
    const end = next < 0 ? file.size : next;
    this.#offset = end;
    this.#number = next < 0 ? this.#number : (frameAt(file, next)?.number ?? 1) - 1;
    yield* this.#broken(offset, frame, end, next >= 0);
  }

  /** A batch that is not intact, between `offset` and `end`. */
  *#broken(
    offset: number,
    frame: FrameFacts | undefined,
    end: number,
    isBounded: boolean,
  ): Generator<JournalItem> {
    const present = end - offset;
    if (frame === undefined) {
      const isShort = present < batchFrameBytes && !isBounded;
      const missing = batchFrameBytes + prepareHeaderBytes - present;
      if (isShort) yield { kind: 'cut', offset, present, missing };
      else yield { kind: 'damage', offset, length: present, reason: 'no batch begins here' };
      return;
    }
    const isCut = !isBounded && frame.length > present;
    const items = [...this.#content(offset, frame, end, isBounded || !isCut)];
    const whole = items.filter(({ kind }) => kind === 'entry').length;
    // All entries are there: then it is the length that is wrong.
    const isWhole = whole >= frame.entries;
    const isDamaged = !isCut || isWhole || items.some(({ kind }) => kind === 'damage');
    yield batchItem(offset, frame, isDamaged ? 'damaged' : 'cut');
    if (isDamaged) {
      const reason = `the checksum of batch ${frame.number} does not hold`;
      yield { kind: 'damage', offset, length: Math.min(frame.length, present), reason };
    }
    yield* items;
    const hasCut = items.some(({ kind }) => kind === 'cut');
    if (!isDamaged && !hasCut) {
      yield { kind: 'cut', offset, present, missing: frame.length - present };
    }
  }

  *#content(
    offset: number,
    frame: FrameFacts,
    end: number,
    isBounded: boolean,
  ): Generator<JournalItem> {
    const file = this.#file;
    const start = offset + batchFrameBytes;
    const { number: batch } = frame;
    if (frame.isAnchor && start + prepareHeaderBytes <= end) {
      const bytes = file.read(start, prepareHeaderBytes);
      yield entryItem(bytes, { offset: start, batch, isAnchor: true }, this.#chain);
      return;
    }
    const stop = Math.min(end, offset + frame.length);
    yield* entriesOf(file, { start, end: stop, batch, isBounded }, this.#chain);
  }
}

function batchItem(offset: number, frame: FrameFacts, verdict: BatchItem['verdict']): BatchItem {
  const { length, number, entries, isAnchor } = frame;
  return { kind: 'batch', offset, length, number, entries, isAnchor, verdict };
}

/** A file whose first record is damaged counts as ours if a batch is found anywhere in it. */
function layoutOf(file: OpenedFile): JournalLayout {
  if (file.size === 0 || frameAt(file, 0) !== undefined) return 'framed';
  const head = file.read(0, prepareHeaderBytes);
  const startsPlain = head[60] === 6 || head.length < batchFrameBytes;
  if (startsPlain && head[0] !== 0x49) return 'plain';
  return findBatch(file, 0, 0) >= 0 ? 'framed' : 'plain';
}
