import type { Request } from '../core/request.js';

/** Who gets the answer of a partition request. */
export type PartitionWaiter =
  | { readonly kind: 'request'; readonly request: Request }
  /** Another node, whose client waits; the answer finds it by its transport id. */
  | { readonly kind: 'replica'; readonly replica: number }
  | { readonly kind: 'nobody' };

/** A partition request that was admitted: resolved, permitted and rewritten. */
export interface PartitionWork {
  readonly waiter: PartitionWaiter;
  /** The frame whose header the answer echoes. */
  readonly frame: Uint8Array;
  /** Client id of the request from here on. */
  readonly transportId: bigint;
  readonly operation: number;
  readonly session: number;
  readonly userId: number;
  readonly group: number;
  readonly body: Uint8Array;
  /** Answered after it was applied by one replica; not replicated. */
  readonly withoutAck: boolean;
}

/** Client id of offset stores that no client asked for: those of a poll with auto-commit. */
export const autoCommitClient = (1n << 128n) - 1n;
