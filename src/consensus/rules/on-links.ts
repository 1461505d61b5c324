import { replicaBit } from '../quorum.js';
import type { ReplicaState } from '../state.js';
import { enterViewChange } from '../view-change.js';

/**
 * All groups begin in view 0, so a new one may be led by a replica that died long ago. Its silence
 * has lasted long enough wherever the link to it is down: the first view with a primary within reach
 * is asked for at once. Only while the group is empty; later a link that is down for a moment must
 * not cost an election.
 */
export function onLinks(r: ReplicaState, up: number): void {
  const reachable = up | replicaBit(r.self);
  const isEmpty = r.head === 0 && r.commitMax === 0;
  if (!isEmpty || r.status !== 'normal' || r.amnesia !== 'none') return;
  if ((reachable & replicaBit(r.primary)) !== 0 || r.observedNewerView > r.view) return;
  let view = r.view + 1;
  while ((reachable & replicaBit(view % r.replicaCount)) === 0) view++;
  enterViewChange(r, view, 'normal_heartbeat_timeout');
}
