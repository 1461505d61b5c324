import type { ReplicaState } from '../state.js';
import { enterViewChange } from '../view-change.js';

/** The operator wants another primary: the next in line is asked by a view change. */
export function onStepDown(r: ReplicaState): void {
  if (r.isActingPrimary && r.replicaCount > 1) enterViewChange(r, r.view + 1, 'step_down');
}
