import type { JournalResult } from '../consensus/index.js';
import type { Framing, TransportKind } from '../server/index.js';

/** A connection as its listener sees it. */
export interface ConnectionInfo {
  /** Counts from 1 per node and is never used twice. */
  readonly connection: number;
  /** `ip:port` of the peer. */
  readonly address: string;
  /** Address of our end, without a port. */
  readonly localAddress: string;
  readonly transport: TransportKind;
  readonly framing: Framing;
}

/** Which group an input is for: that of a partition, or {@link metadataKey}. */
export type GroupKey = number;

/** Key of the metadata group, whose id is no safe integer. */
export const metadataKey = -1;

/** Everything that reaches a node from outside, in order of arrival. */
export type HostInput =
  /** 10 ms went by. */
  | { readonly kind: 'tick' }
  /** One whole frame from another node. */
  | { readonly kind: 'replica-frame'; readonly from: number; readonly frame: Uint8Array }
  | { readonly kind: 'opened'; readonly info: ConnectionInfo }
  /** Bytes of a connection, cut anywhere. */
  | { readonly kind: 'data'; readonly connection: number; readonly chunk: Uint8Array }
  /** The peer of a congested connection took what was queued for it. */
  | { readonly kind: 'drained'; readonly connection: number }
  | { readonly kind: 'closed'; readonly connection: number }
  | {
      readonly kind: 'journal-done';
      readonly group: GroupKey;
      readonly revision: number;
      readonly writes: readonly number[];
      readonly result: JournalResult;
    }
  | {
      readonly kind: 'superblock-done';
      readonly group: GroupKey;
      readonly revision: number;
      readonly write: number;
      readonly ok: boolean;
    }
  | {
      readonly kind: 'snapshot-done';
      readonly group: GroupKey;
      readonly revision: number;
      readonly write: number;
      readonly ok: boolean;
    }
  /** A file operation that the machine of a partition asked for has ended. */
  | {
      readonly kind: 'partition-effect-done';
      readonly group: number;
      readonly revision: number;
      readonly id: number;
      readonly ok: boolean;
    }
  /** A step of making or removing a partition has ended; the node goes on with it. */
  | { readonly kind: 'partition-step'; readonly resume: () => void }
  | { readonly kind: 'password-verified'; readonly job: number; readonly matches: boolean }
  | { readonly kind: 'password-hashed'; readonly job: number; readonly phc: string }
  | {
      readonly kind: 'snapshot-collected';
      readonly job: number;
      readonly archive: Uint8Array | undefined;
    }
  /** Operator: give up the leadership of the metadata group. */
  | { readonly kind: 'step-down' };
