/** Requests from the local node to its replica, and what becomes of them. */

/** A request the local server hands to its replica of a group. */
export interface Proposal {
  /** Chosen by the proposer; comes back in the outcome. Unique among outstanding proposals. */
  readonly token: number;
  /** `client` requests pass the client table; `server` requests (cleaners) skip it. */
  readonly source: 'client' | 'server';
  readonly operation: number;
  readonly client: bigint;
  /** Session (fence epoch) the request speaks for; 0 for Register. */
  readonly session: number;
  readonly request: bigint;
  /** XXH3-64 of the body as the client sent it; 0 = not stamped. */
  readonly requestChecksum: bigint;
  /** Release of the request, which prepare and reply repeat; 0 when absent. */
  readonly release?: number;
  /** Acting user: authenticated user of a Register; otherwise replaced from the client table. */
  readonly userId: number;
  readonly body: Uint8Array;
  /** Whoever asked reads from another node next: the others hear of the commit before the answer. */
  readonly isUrgent?: boolean;
}

/** Names of every client-table decision, as they appear in events. */
export type Verdict =
  | 'New'
  | 'Duplicate'
  | 'InProgress'
  | 'Stale'
  | 'NoSession'
  | 'SessionMismatch'
  | 'RequestGap'
  | 'Fenced'
  | 'EpochAhead'
  | 'ChecksumMismatch'
  | 'AlreadyApplied'
  | 'NotReady'
  | 'AlreadyRegistered';

/** Answer to a proposal. Every accepted proposal gets exactly one. */
export type ProposalOutcome =
  /** Committed and applied here; `reply` is the whole reply frame (256-byte header and body). */
  | { readonly kind: 'committed'; readonly op: number; readonly reply: Uint8Array }
  /** A Register committed. */
  | {
      readonly kind: 'registered';
      readonly session: number;
      readonly watermark: bigint;
      readonly origin: number;
    }
  /** A Logout committed, or there was nothing to end. */
  | { readonly kind: 'logged-out'; readonly commit: number }
  /** Already executed; the cached reply frame, byte for byte. */
  | { readonly kind: 'duplicate'; readonly reply: Uint8Array }
  /** Not executed now: transient 57 or 58, or a terminal result code (59, 51, 3). */
  | { readonly kind: 'refused'; readonly code: number; readonly verdict?: Verdict }
  /** Denied by admission with a status code; nothing was logged. */
  | { readonly kind: 'denied'; readonly status: number }
  /** The session is dead: eviction reason. */
  | { readonly kind: 'evicted'; readonly reason: number; readonly verdict?: Verdict }
  /** Register of a client id that belongs to another user. */
  | { readonly kind: 'owned-by-another-user' };
