/** Whether a replica takes part: `recovering` is invisible to every quorum. */
export type ReplicaStatusName = 'normal' | 'view-change' | 'recovering';

/** Progress of a state transfer; orthogonal to the status. */
export type TransferStage = 'idle' | 'awaiting-target' | 'fetching' | 'installing';

/** Everything a replica shows of itself. Values are those of the moment they are read. */
export interface ReplicaStatus {
  /** Own index. */
  readonly replica: number;
  readonly replicaCount: number;
  readonly group: bigint;
  readonly status: ReplicaStatusName;
  readonly view: number;
  /** Last view whose log this replica's log was made to be. */
  readonly logView: number;
  /** What the superblock is known to hold. */
  readonly viewDurable: number;
  readonly logViewDurable: number;
  /** Replica index that leads `view`, by arithmetic only. */
  readonly primary: number;
  /** Leads the view, is normal, has not ceded and is not in a state transfer. */
  readonly isActingPrimary: boolean;
  /** Acting primary that has applied everything known to be committed. */
  readonly isCaughtUp: boolean;
  readonly hasCeded: boolean;
  /** Highest op in the log. */
  readonly head: number;
  /** Highest op applied here. */
  readonly commitMin: number;
  /** Highest op known to be committed; may exceed the head of a lagging backup. */
  readonly commitMax: number;
  readonly checkpointOp: number;
  /** Prepares in flight. */
  readonly pipelineLength: number;
  /** Accepted requests waiting for a slot. */
  readonly requestQueueLength: number;
  /** Local reads must wait until `commitMin` reaches this op; 0 = no barrier. */
  readonly recoveryBarrier: number;
  readonly transferStage: TransferStage;
  readonly isRepairing: boolean;
  readonly lostUpTo: number;
  /** Set when the replica diverged and waits for a state transfer: no votes, acks or reads. */
  readonly isFenced: boolean;
  readonly isHalted: boolean;
}
