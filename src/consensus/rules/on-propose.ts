import { Operation } from '../../wire/index.js';
import { isStructurallyValid, preflight } from '../admission.js';
import { answer, refuse, resultCode, trace } from '../outbox.js';
import { canPrepare, prepareRequest } from '../prepare-request.js';
import type { Proposal } from '../proposal.js';
import type { ReplicaState } from '../state.js';

/**
 * A request of the local server: judged, then prepared, parked until a slot is free, or refused.
 * @source Iggy consensus protocol, request admission
 */
export function onPropose(r: ReplicaState, proposal: Proposal): void {
  if (r.tracing) {
    const { client, request, operation } = proposal;
    trace(r, 'ClientRequestReceived', { client, request, operation });
  }
  if (!isStructurallyValid(r, proposal)) {
    refuse(r, proposal.token, resultCode.invalidCommand);
    return;
  }
  if (r.plane === 'metadata') onMetadataRequest(r, proposal);
  else onPartitionRequest(r, proposal);
}

/** While parked requests wait for a complete table, a Register has to wait as well. */
function onMetadataRequest(r: ReplicaState, proposal: Proposal): void {
  const passed = preflight(r, proposal);
  if (passed.kind === 'done') return;
  const mustWait = proposal.operation === Operation.Register && !r.isCaughtUp;
  if (!mustWait && canPrepare(r)) prepareRequest(r, proposal, passed.userId);
  else park(r, proposal);
}

/** At least once: no session, no deduplication, no wait for a complete state. */
function onPartitionRequest(r: ReplicaState, proposal: Proposal): void {
  if (!r.isActingPrimary || r.isTransferring || r.isFenced) {
    refuse(r, proposal.token, resultCode.notAccepted);
    return;
  }
  if (canPrepare(r)) prepareRequest(r, proposal, proposal.userId);
  else park(r, proposal);
}

function park(r: ReplicaState, proposal: Proposal): void {
  const isFull = r.requestQueue.length >= r.limits.requestQueueDepth;
  if (isFull || proposal.source === 'server') {
    refuse(r, proposal.token, resultCode.notAccepted);
  } else {
    r.requestQueue.push(proposal);
  }
}

/**
 * Moves parked requests into free slots. The whole preflight runs again: the table may have
 * changed since they were parked. One that fails it is canceled; its retry learns why.
 */
export function promoteRequests(r: ReplicaState): void {
  while (r.requestQueue.length > 0 && canPrepare(r)) {
    if (r.plane === 'metadata' && !r.isCaughtUp) return;
    const proposal = r.requestQueue.shift();
    if (proposal === undefined) return;
    if (r.plane === 'partition') {
      prepareRequest(r, proposal, proposal.userId);
      continue;
    }
    const mark = r.out.length;
    const passed = preflight(r, proposal);
    if (passed.kind === 'pass') prepareRequest(r, proposal, passed.userId);
    else cancelInstead(r, proposal, mark);
  }
}

/** Whatever the second preflight answered, the waiter is told to try again. */
function cancelInstead(r: ReplicaState, proposal: Proposal, mark: number): void {
  r.out.length = mark;
  answer(r, proposal.token, { kind: 'refused', code: resultCode.notCommitted });
}
