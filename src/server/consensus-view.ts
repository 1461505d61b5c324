/** What the server needs to know about a session in the local client table. */
export interface SessionEntryView {
  /** Commit op of the newest Register. */
  readonly epoch: number;
  readonly userId: number;
  /** Highest committed request number. */
  readonly watermark: bigint;
  /** Commit op of the Register that created the entry. */
  readonly origin: number;
}

/** What the server reads of a replica of any group. All values are those of this very moment. */
export interface GroupView {
  readonly view: number;
  /** Replica index that leads `view`. */
  readonly primary: number;
  readonly status: 'normal' | 'view-change' | 'recovering';
  /** This replica leads the view, is normal, has not ceded and is not in a state transfer. */
  readonly isActingPrimary: boolean;
  /** Highest op known to be committed. */
  readonly commitMax: number;
}

/** What the server reads of the local replica of the metadata group. */
export interface ConsensusView extends GroupView {
  /** Highest op applied here. */
  readonly commitMin: number;
  /** Acting primary that has applied everything known to be committed. */
  readonly isCaughtUp: boolean;
  /** Live entry of a client in the local table; it may lag on a backup. */
  session(client: bigint): SessionEntryView | undefined;
}
