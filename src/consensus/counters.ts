/** Why a frame was not acted upon. */
export type IgnoreReason =
  | 'malformed'
  | 'checksum_mismatch'
  | 'wrong_cluster'
  | 'wrong_group'
  | 'stale_incarnation'
  | 'foreign_replica'
  | 'not_primary'
  | 'not_normal'
  | 'state_transfer'
  | 'newer_view'
  | 'older_view'
  | 'old_prepare'
  | 'unknown_prepare'
  | 'duplicate_ack'
  | 'provenance'
  | 'gap'
  | 'superseded'
  | 'journal_full'
  | 'body_refused'
  | 'no_session'
  | 'stale_nonce'
  | 'stale_start_view'
  | 'gated'
  | 'unexpected';

/** Monotone counters of one replica; reading them costs nothing. */
export interface ReplicaCounters {
  /** Frames not acted upon, by reason. */
  readonly ignored: ReadonlyMap<IgnoreReason, number>;
  /** View changes entered, by reason. */
  readonly viewChanges: ReadonlyMap<string, number>;
  /** DoViewChange merges, by outcome. */
  readonly merges: ReadonlyMap<string, number>;
  readonly prepareRetransmits: number;
  readonly repairRounds: number;
  readonly superblockFailures: number;
  readonly checkpoints: number;
  readonly transfersInstalled: number;
  readonly transfersRefused: number;
  /** Sessions pushed out of the client table by capacity, and out of the retired tier. */
  readonly sessionsRetired: number;
  readonly sessionsForgotten: number;
  /** Merges that could not be decided although all votes were in. */
  readonly deadlockedMerges: number;
}
