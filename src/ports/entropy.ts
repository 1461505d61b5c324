/** Where the pure layers get their randomness from. */
export interface Entropy {
  /** `length` unpredictable bytes in a fresh array. */
  bytes(length: number): Uint8Array;
}
