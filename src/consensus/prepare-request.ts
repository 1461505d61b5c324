import { emptyBytes } from '../base/index.js';
import { Command, Operation } from '../wire/index.js';
import { headerSize } from './frame/layout.js';
import { fillPrepare } from './frame/prepare.js';
import { appendEntry } from './journal.js';
import { isJournalFull } from './journal-space.js';
import { logEntry } from './log.js';
import { answer, resultCode, trace } from './outbox.js';
import type { Proposal } from './proposal.js';
import type { ReplicaState } from './state.js';

/**
 * Whether the primary can take another prepare in flight. Not before the record of its log view is
 * durable: after a crash the journal would hold entries of this view, and the record would count
 * them to the log of an older one, beside what others hold there under the same ops.
 */
export function canPrepare(r: ReplicaState): boolean {
  return !r.pipeline.isFull && !isJournalFull(r) && r.logViewDurable === r.logView;
}

/**
 * Gives an admitted request its place in the log. One synchronous step: a second request that
 * arrives before the journal write is done must see the advanced head.
 * @source Iggy consensus protocol, building a prepare
 */
export function prepareRequest(r: ReplicaState, proposal: Proposal, userId: number): void {
  const op = r.head + 1;
  const timestamp = Math.max(r.now, r.timestampFloor + 1);
  const admitted = admit(r, proposal, { op, timestamp, userId });
  if (admitted.kind === 'deny') {
    answer(r, proposal.token, { kind: 'denied', status: admitted.status });
    return;
  }
  if (admitted.kind === 'evict') {
    answer(r, proposal.token, { kind: 'evicted', reason: admitted.reason });
    return;
  }
  const { body } = admitted;
  if (headerSize + body.length > r.limits.entryBytesMax) {
    answer(r, proposal.token, { kind: 'denied', status: resultCode.invalidCommand });
    return;
  }
  const blank =
    admitted.hasRoom === true
      ? r.templates.frameAround(Command.Prepare, r.view, body)
      : r.templates.frame(Command.Prepare, r.view, body.length);
  const frame = fillPrepare(blank, {
    client: proposal.client,
    parent: r.headChecksum,
    requestChecksum: proposal.requestChecksum,
    release: proposal.release ?? 0,
    op,
    commit: r.commitMax,
    timestamp,
    request: proposal.request,
    operation: admitted.operation,
    userId,
    body,
    bodyChecksum: admitted.bodyChecksum,
  });
  const entry = logEntry(frame, false);
  r.pipeline.push({
    entry,
    client: proposal.client,
    acks: 0,
    hasQuorum: false,
    token: proposal.token,
    isUrgent: proposal.isUrgent === true,
  });
  r.head = op;
  r.headChecksum = entry.checksum;
  r.timestampFloor = timestamp;
  r.canonical.set(op, entry.checksum);
  if (!r.timeouts.prepare.isRunning) r.timeouts.prepare.start();
  if (r.tracing) {
    trace(r, 'PrepareQueued', {
      op,
      parent: entry.parent,
      checksum: entry.checksum,
      client: proposal.client,
      request: proposal.request,
      operation: admitted.operation,
      pipeline_depth: r.pipeline.length,
    });
  }
  appendEntry(r, entry, r.view);
}

/** Session operations are consensus' own; everything else passes the state machine. */
function admit(
  r: ReplicaState,
  proposal: Proposal,
  place: { readonly op: number; readonly timestamp: number; readonly userId: number },
): ReturnType<ReplicaState['machine']['admit']> {
  const { operation, client, body } = proposal;
  const isSession = operation === Operation.Register || operation === Operation.Logout;
  if (r.plane === 'metadata' && isSession) {
    return { kind: 'accept', operation, body: emptyBytes };
  }
  const { op, timestamp, userId } = place;
  return r.machine.admit({ operation, client, body, op, timestamp, userId });
}
