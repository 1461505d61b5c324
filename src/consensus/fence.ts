import { alarm } from './outbox.js';
import type { ReplicaState } from './state.js';

/**
 * This replica applied something else than the view's log says at `op`. Log repair cannot mend
 * that: no votes, acknowledgements or reads until a transfer has replaced its state.
 */
export function fence(r: ReplicaState, op: number): void {
  if (r.isFenced) return;
  r.isFenced = true;
  alarm(r, 'divergence', { op });
}
