/** What the local client table knows about a session. */
export interface SessionView {
  /** Commit op of the newest Register. */
  readonly epoch: number;
  readonly userId: number;
  /** Highest committed request number. */
  readonly watermark: bigint;
  /** Commit op of the Register that created the entry. */
  readonly origin: number;
}
