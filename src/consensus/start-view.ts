import { isGateOpen } from './gate.js';
import { broadcast, send, trace } from './outbox.js';
import { buildStartView } from './own-suffix.js';
import type { ReplicaState } from './state.js';

/**
 * Whether the log this view began with is durable here: naming less of it would have the others
 * give up the rest.
 */
export function canAnnounce(r: ReplicaState): boolean {
  return isGateOpen(r) && r.runTop >= r.startedHead;
}

/** Tells everybody the current view and its log: at its start, and to correct an older primary. */
export function announceView(r: ReplicaState): void {
  if (!canAnnounce(r) || r.replicaCount === 1) return;
  observeStartView(r);
  broadcast(r, buildStartView(r, 0n));
}

/** Answers one prober. Not broadcast: another replica that recovers would read a foreign nonce. */
export function answerProbe(r: ReplicaState, to: number, nonce: bigint): void {
  if (!canAnnounce(r)) return;
  observeStartView(r);
  send(r, to, buildStartView(r, nonce));
}

function observeStartView(r: ReplicaState): void {
  if (!r.tracing) return;
  const op = r.runTop;
  trace(r, 'ControlMessageScheduled', { action: 'send_start_view', op, commit: r.commitMax });
}
