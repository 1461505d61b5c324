/** Prepares being fetched from one peer. */
export interface RepairSession {
  readonly nonce: bigint;
  readonly fromOp: number;
  readonly toOp: number;
  readonly peer: number;
  /** Ticks without progress. */
  idleTicks: number;
  /** Entries that came in this round. */
  received: number;
  /** Stalls of this session in a row; an elect rotates its sources by it. */
  readonly stalls: number;
}
