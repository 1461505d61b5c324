/** What a check of bytes said. `unsealed`: there is no checksum to compare with. */
export type Verdict = 'ok' | 'unsealed' | 'mismatch' | 'none';

/** The frame in front of a batch of entries. */
export interface BatchItem {
  readonly kind: 'batch';
  readonly offset: number;
  /** Frame and entries as the frame says. */
  readonly length: number;
  readonly number: number;
  readonly entries: number;
  readonly isAnchor: boolean;
  readonly verdict: 'ok' | 'damaged' | 'cut';
}

/** One log entry that is there as a whole. */
export interface EntryItem {
  readonly kind: 'entry';
  readonly offset: number;
  readonly length: number;
  /** The whole entry, header and body. */
  readonly bytes: Uint8Array;
  /** The bare header of an op that was drained. */
  readonly isAnchor: boolean;
  readonly batch: number | undefined;
  readonly frame: Verdict;
  readonly body: Verdict;
  /** Whether it names the entry before it; `none` when that is not the op before. */
  readonly parent: Verdict;
}

/** Bytes that are nothing, though they should be. */
export interface DamageItem {
  readonly kind: 'damage';
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
}

/** The file ends inside a record. */
export interface CutItem {
  readonly kind: 'cut';
  readonly offset: number;
  readonly present: number;
  /** Bytes that are missing, at least. */
  readonly missing: number;
}

export type JournalItem = BatchItem | EntryItem | DamageItem | CutItem;
