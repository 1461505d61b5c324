/**
 * Takes down what the replicas of a node are told, so that it can be told them again. The records
 * of one life of a replica are a chapter.
 */
export interface InputSink {
  /** Bytes that fit before the oldest go. */
  readonly capacity: number;
  /** Number of a new chapter. */
  open(): number;
  /**
   * Takes one record, which goes on in `tail`; the bytes are copied. Never throws: what cannot be kept
   * is left out.
   */
  add(record: Uint8Array, tail?: Uint8Array): void;
}
