/** One live session as checkpoints and transfers carry it. */
export interface LiveEntryImage {
  readonly slot: number;
  /** Client id, u128. */
  readonly client: bigint;
  /** Commit op of the newest Register. */
  readonly epoch: number;
  readonly userId: number;
  /** Highest committed request number. */
  readonly watermark: bigint;
  readonly watermarkChecksum: bigint;
  /** Commit op of the Register that created the entry. */
  readonly origin: number;
  /** Cached reply frames, oldest first; never empty. */
  readonly replies: readonly Uint8Array[];
}

/** One session that was pushed out by capacity and can come back. */
export interface RetiredEntryImage {
  readonly client: bigint;
  readonly userId: number;
  readonly watermark: bigint;
  readonly watermarkChecksum: bigint;
  readonly origin: number;
  /** Commit op of its newest reply; decides who is dropped on overflow. */
  readonly latestCommit: number;
  /** Newest application reply, when it was small enough. */
  readonly reply?: Uint8Array;
}

/** The whole replicated client table: live entries by slot, retired ones by commit and client. */
export interface ClientTableImage {
  readonly live: readonly LiveEntryImage[];
  readonly retired: readonly RetiredEntryImage[];
}
