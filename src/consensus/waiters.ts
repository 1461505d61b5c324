import { emit, refuse, resultCode } from './outbox.js';
import { noToken } from './pipeline.js';
import type { ReplicaState } from './state.js';

/**
 * Wakes everybody who waits for this replica: their outcome is unknown here, so they are told to
 * ask again under the same number. Entries in flight stay, requests that were only parked go.
 */
export function cancelWaiters(r: ReplicaState): void {
  for (const pending of r.pipeline) {
    refuse(r, pending.token, resultCode.notCommitted);
    pending.token = noToken;
  }
  const parked = r.requestQueue;
  r.requestQueue = [];
  for (const proposal of parked) refuse(r, proposal.token, resultCode.notCommitted);
  cancelReads(r, resultCode.notAccepted);
}

/** Refuses all reads that wait for a round. */
export function cancelReads(r: ReplicaState, code: number): void {
  const { pending } = r.reads;
  r.reads.pending = [];
  for (const { token } of pending) emit(r, { kind: 'read-outcome', token, code });
  r.reads.reset();
}
