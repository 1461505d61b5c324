import { concatBytes, emptyBytes } from '../../base/index.js';
import type { JournalResult } from '../../consensus/index.js';
import { type Disk, DiskError } from '../../ports/index.js';
import { batchEntriesMax, encodeBatchFrame } from '../../wire/index.js';

/** Told the end of journal writes, in the order of the calls; see {@link JournalResult}. */
export type JournalReport = (writes: readonly number[], result: JournalResult) => void;

interface Append {
  readonly kind: 'append';
  readonly write: number;
  readonly entries: readonly Uint8Array[];
  /** Entries that are in batches already. */
  started: number;
}

interface Rewrite {
  readonly kind: 'rewrite';
  readonly write: number;
  readonly entries: readonly Uint8Array[];
  readonly anchor: Uint8Array | undefined;
}

interface Batch {
  readonly entries: readonly Uint8Array[];
  readonly bytes: number;
  /** Waiting appends that are whole with this batch. */
  readonly whole: number;
  /** Entries of the append after those that are in this batch. */
  readonly partOfNext: number;
}

/** Place where the next batch of a journal goes. */
export interface JournalPosition {
  readonly length: number;
  /** Number of the next batch. */
  readonly nextBatch: number;
}

/**
 * The journal of one group. What was handed over since the last batch becomes one framed batch with
 * one sync; the next batch begins when that sync is back, so that a power cut can tear the last one
 * only.
 */
export class JournalFile {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #report: JournalReport;
  #length: number;
  #nextBatch: number;
  #waiting: (Append | Rewrite)[] = [];
  #isBusy = false;

  constructor(disk: Disk, path: string, position: JournalPosition, report: JournalReport) {
    this.#disk = disk;
    this.#path = path;
    this.#report = report;
    this.#length = position.length;
    this.#nextBatch = position.nextBatch;
  }

  /** Bytes of the file, as far as its writes completed. */
  get length(): number {
    return this.#length;
  }

  append(write: number, entries: readonly Uint8Array[]): void {
    this.#waiting.push({ kind: 'append', write, entries, started: 0 });
  }

  rewrite(write: number, entries: readonly Uint8Array[], anchor?: Uint8Array): void {
    this.#waiting.push({ kind: 'rewrite', write, entries, anchor });
  }

  /** Starts writing what waits, unless a write is under way; its end starts the next one. */
  flush(): void {
    const first = this.#waiting[0];
    if (this.#isBusy || first === undefined) return;
    if (first.kind === 'rewrite') this.#startRewrite(first);
    else this.#startBatch();
  }

  #startBatch(): void {
    const batch = this.#planBatch();
    if (batch.entries.length === 0) {
      this.#report(
        this.#waiting.splice(0, batch.whole).map(({ write }) => write),
        'ok',
      );
      this.flush();
      return;
    }
    const place = { kind: 'entries', number: this.#nextBatch, offset: this.#length } as const;
    const frame = encodeBatchFrame(place, batch.entries);
    try {
      this.#disk.append(this.#path, [frame, ...batch.entries]);
    } catch (error) {
      this.#failAppends(error);
      return;
    }
    const finished = this.#waiting.splice(0, batch.whole).map(({ write }) => write);
    const next = this.#waiting[0];
    if (next?.kind === 'append') next.started = batch.partOfNext;
    this.#isBusy = true;
    this.#disk.sync(this.#path, (failure) => {
      this.#isBusy = false;
      if (failure !== undefined) {
        this.#report(finished.length > 0 ? finished : [next?.write ?? 0], 'sync-failed');
        return;
      }
      this.#nextBatch += 1;
      this.#length += frame.length + batch.bytes;
      if (finished.length > 0) this.#report(finished, 'ok');
      this.flush();
    });
  }

  /** As many waiting entries as a batch takes. */
  #planBatch(): Batch {
    const entries: Uint8Array[] = [];
    let whole = 0;
    let partOfNext = 0;
    for (const work of this.#waiting) {
      const room = batchEntriesMax - entries.length;
      if (work.kind !== 'append' || room === 0) break;
      const end = Math.min(work.entries.length, work.started + room);
      for (let i = work.started; i < end; i++) entries.push(work.entries[i] ?? emptyBytes);
      if (end < work.entries.length) {
        partOfNext = end;
        break;
      }
      whole += 1;
    }
    let bytes = 0;
    for (const entry of entries) bytes += entry.length;
    return { entries, bytes, whole, partOfNext };
  }

  /**
   * Nothing of the batch is in the file. All appends that wait fail with it, newest first: what
   * comes after a missing entry is of no use, and a claimed op is given back from the end.
   */
  #failAppends(error: unknown): void {
    if (!(error instanceof DiskError)) throw error;
    const count = this.#waiting.findIndex(({ kind }) => kind === 'rewrite');
    const failed = this.#waiting.splice(0, count < 0 ? this.#waiting.length : count);
    const first = failed[0];
    const isSplit = first?.kind === 'append' && first.started > 0;
    const isClean = error.failure.tornTail !== true && !isSplit;
    this.#report(
      failed.map(({ write }) => write).reverse(),
      isClean ? 'append-failed' : 'sync-failed',
    );
    this.flush();
  }

  #startRewrite(work: Rewrite): void {
    this.#waiting.shift();
    this.#isBusy = true;
    const { pieces, length, nextBatch } = journalPieces(work.entries, work.anchor);
    this.#disk.replace(this.#path, pieces, (failure) => {
      this.#isBusy = false;
      // A rewrite that failed leaves the old file in place, but nobody knows for how long.
      if (failure !== undefined) {
        this.#report([work.write], 'sync-failed');
        return;
      }
      this.#length = length;
      this.#nextBatch = nextBatch;
      this.#report([work.write], 'ok');
      this.flush();
    });
  }
}

/** A journal file in pieces: frames of batches, and the entries themselves. */
interface JournalPieces {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
  /** Number of the batch that goes behind them. */
  readonly nextBatch: number;
}

/** A whole journal file in one array; see {@link journalPieces}. */
export function encodeJournal(
  entries: readonly Uint8Array[],
  anchor?: Uint8Array,
): { readonly bytes: Uint8Array; readonly nextBatch: number } {
  const { pieces, nextBatch } = journalPieces(entries, anchor);
  return { bytes: concatBytes(pieces), nextBatch };
}

/** A whole journal file: the anchor first, then the entries in as few batches as possible. */
function journalPieces(entries: readonly Uint8Array[], anchor?: Uint8Array): JournalPieces {
  const pieces: Uint8Array[] = [];
  let offset = 0;
  let number = 1;
  const add = (kind: 'anchor' | 'entries', batch: readonly Uint8Array[]) => {
    const all = [encodeBatchFrame({ kind, number, offset }, batch), ...batch];
    number += 1;
    for (const part of all) offset += part.length;
    pieces.push(...all);
  };
  if (anchor !== undefined) add('anchor', [anchor]);
  for (let i = 0; i < entries.length; i += batchEntriesMax) {
    add('entries', entries.slice(i, i + batchEntriesMax));
  }
  return { pieces, length: offset, nextBatch: number };
}
