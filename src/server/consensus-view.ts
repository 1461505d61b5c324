import type { ReplicaStatus, SessionView } from '../consensus/index.js';

/** What the server reads of a replica of any group; the fields change with every step of it. */
export type GroupStatus = Pick<
  ReplicaStatus,
  'view' | 'primary' | 'status' | 'isActingPrimary' | 'hasCeded' | 'commitMax'
> &
  Partial<Pick<ReplicaStatus, 'commitMin' | 'recoveryBarrier'>>;

/** The local replica of the metadata group; `Replica` is one. */
export interface ConsensusView {
  readonly status: GroupStatus & Pick<ReplicaStatus, 'commitMin' | 'isCaughtUp'>;
  /** Live entry of a client in the local table; it may lag on a backup. */
  session(client: bigint): SessionView | undefined;
}
