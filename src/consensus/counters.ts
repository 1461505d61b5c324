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
  /** Problems an operator should see, by name. */
  readonly alarms: ReadonlyMap<string, number>;
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
  /** Places in the rules that are worth knowing to be reached, by name. */
  readonly marks: ReadonlyMap<string, number>;
}

/** The counters as the core writes them. */
export class Counters implements ReplicaCounters {
  readonly ignored = new Map<IgnoreReason, number>();
  readonly viewChanges = new Map<string, number>();
  readonly alarms = new Map<string, number>();
  readonly merges = new Map<string, number>();
  readonly marks = new Map<string, number>();
  prepareRetransmits = 0;
  repairRounds = 0;
  superblockFailures = 0;
  checkpoints = 0;
  transfersInstalled = 0;
  transfersRefused = 0;
  sessionsRetired = 0;
  sessionsForgotten = 0;
}

/** Notes that a rule that exists for one rare situation was needed. */
export function mark(r: { readonly counters: Counters }, name: string): void {
  countOne(r.counters.marks, name);
}

/** Adds one to a counter of a map. */
export function countOne<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
