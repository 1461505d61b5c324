/** Where the pure layers get their time from. */
export interface Clock {
  /** Wall time in microseconds since the Unix epoch. Used for prepare timestamps and expiry only. */
  nowMicros(): number;
  /** Monotonic time in milliseconds; never goes back. Used to measure how long something took. */
  monotonicMillis(): number;
}
