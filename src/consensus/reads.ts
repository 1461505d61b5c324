import { mark } from './counters.js';
import { sendHeartbeat } from './heartbeat.js';
import { emit, resultCode } from './outbox.js';
import type { PendingRead } from './read-rounds.js';
import type { ReplicaState } from './state.js';
import { cancelReads } from './waiters.js';

/**
 * Asks for a confirmed read point. What an earlier primary acknowledged may still be uncommitted
 * here, so the read waits for the head this view began with.
 * @source Iggy consensus protocol, linearizable reads
 */
export function requestRead(r: ReplicaState, token: number): void {
  if (!r.isActingPrimary || r.isTransferring || r.isFenced) {
    emit(r, { kind: 'read-outcome', token, code: resultCode.notAccepted });
    return;
  }
  r.reads.pending.push({
    token,
    view: r.view,
    readOp: Math.max(r.commitMax, r.startedHead),
    // A read never joins a round already under way: it waits for the answers to the next one.
    counter: r.heartbeatCounter + 1,
    deadline: r.ticks + r.limits.heartbeatTicks,
  });
}

/** Starts the round of reads that came in this step, and serves those that are confirmed. */
export function settleReads(r: ReplicaState): void {
  const { reads } = r;
  if (!r.isActingPrimary || r.isTransferring || r.isFenced) {
    cancelReads(r, resultCode.notAccepted);
    return;
  }
  serveConfirmed(r);
  // One round at a time: reads that come while one is under way share the next.
  const isUnderWay = reads.pending.some((read) => read.counter <= r.heartbeatCounter);
  if (isUnderWay || reads.pending.length === 0) return;
  sendHeartbeat(r);
  serveConfirmed(r);
}

function serveConfirmed(r: ReplicaState): void {
  const { reads } = r;
  const waiting: PendingRead[] = [];
  for (const read of reads.pending) {
    const code = verdictOn(r, read);
    if (code === undefined) waiting.push(read);
    else emit(r, { kind: 'read-outcome', token: read.token, code });
  }
  reads.pending = waiting;
}

function verdictOn(r: ReplicaState, read: PendingRead): number | undefined {
  if (read.view !== r.view) return resultCode.notAccepted;
  const answers = r.reads.answersFor(read.counter);
  const isConfirmed = r.replicaCount === 1 || answers >= r.quorums.replication - 1;
  if (isConfirmed && r.commitMin >= read.readOp) return 0;
  if (isConfirmed) mark(r, 'read waits for an inherited op');
  return r.ticks >= read.deadline ? resultCode.notCommitted : undefined;
}
