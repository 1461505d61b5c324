import type { SegmentIndex } from './segment-index.js';

/**
 * One segment of a partition. Its sizes cover everything committed, also what still waits to be
 * written to the file.
 */
export class Segment {
  readonly startOffset: number;
  /** Offset of the first message behind this segment. */
  nextOffset: number;
  /** Bytes of all its batches. */
  size = 0;
  /** Bytes that are in the file. */
  written = 0;
  /** True once the file exists. */
  hasFile = false;
  /** True once the file takes up the size of a whole segment. */
  isReserved = false;
  /** Time of its newest batch, microseconds; `undefined` when it is not known or there is none. */
  newestTimestamp: number | undefined;
  isSealed = false;
  /** Loaded when it is needed; kept for the active segment. */
  index: SegmentIndex | undefined;

  constructor(startOffset: number) {
    this.startOffset = startOffset;
    this.nextOffset = startOffset;
  }

  get messages(): number {
    return this.nextOffset - this.startOffset;
  }

  get isEmpty(): boolean {
    return this.nextOffset === this.startOffset;
  }

  /** Offset of the last message; one below the start for an empty segment. */
  get endOffset(): number {
    return this.nextOffset - 1;
  }
}
