/** What a checkpoint holds besides the state machine, as consensus hands it over. */
export interface CheckpointContents {
  /** Last op whose effects are in the snapshot. */
  readonly op: number;
  /** Replicated timestamp of the entry at `op`, microseconds; 0 when `op` is 0. */
  readonly timestamp: number;
  /** Prepare header of the entry at `op` with `view` zeroed; absent when there is none. */
  readonly commitHeader?: Uint8Array;
  readonly sessions: SessionsImage;
}

/** The client table: live entries by slot, retired ones by commit and client. */
export interface SessionsImage {
  readonly live: readonly LiveSessionImage[];
  readonly retired: readonly RetiredSessionImage[];
}

/** A session of the client table. */
export interface LiveSessionImage {
  readonly slot: number;
  readonly client: bigint;
  readonly epoch: number;
  readonly userId: number;
  readonly watermark: bigint;
  readonly watermarkChecksum: bigint;
  readonly origin: number;
  /** Reply frames, oldest first; never empty. */
  readonly replies: readonly Uint8Array[];
}

/** A session that was pushed out of the table and can come back. */
export interface RetiredSessionImage {
  readonly client: bigint;
  readonly userId: number;
  readonly watermark: bigint;
  readonly watermarkChecksum: bigint;
  readonly origin: number;
  readonly latestCommit: number;
  readonly reply?: Uint8Array;
}
