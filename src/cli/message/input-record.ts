/** One payload and the line it came from. */
export interface InputRecord {
  readonly payload: Uint8Array;
  /** From 1; the number of the record where there are no lines. */
  readonly line: number;
}
