import { setU32 } from '../base/index.js';
import { xxh3 } from '../wire/index.js';
import { prepareAt } from './frame/layout.js';
import { prepareHeaderOf, prepareTimestamp } from './frame/prepare.js';
import { queueRewrite } from './journal.js';
import { isCheckpointDue } from './journal-space.js';
import { alarm, emit } from './outbox.js';
import { heldHeader } from './own-suffix.js';
import type { ReplicaState } from './state.js';
import { wantSuperblock } from './superblock.js';

const retryTicks = 100;

/**
 * Starts a checkpoint when the journal runs out of slots. In this order, each step only after the
 * one before is durable: snapshot at `commitMin`, superblock that pairs with it, drain of the
 * journal. A step that fails leaves the rest undone; it is tried again later.
 * @source Iggy consensus protocol, checkpoint and journal truncation
 */
export function settleCheckpoint(r: ReplicaState): void {
  const { snapshots } = r.machine;
  if (snapshots === undefined || r.checkpoint !== undefined || !mayCheckpoint(r)) return;
  const op = r.commitMin;
  const header = heldHeader(r, op);
  if (header === undefined) return;
  const commitHeader = prepareHeaderOf(header);
  // The view is not part of an entry's identity; zeroed, checkpoints of one op are identical.
  setU32(commitHeader, prepareAt.view, 0);
  const payload = snapshots.encode({
    op,
    timestamp: prepareTimestamp(commitHeader),
    commitHeader,
    sessions: r.table.image(),
  });
  const checksum = xxh3(payload);
  r.checkpoint = { op, checksum, payload, stage: 'snapshot' };
  const write = ++r.writeCounter;
  r.snapshotWrite = write;
  emit(r, { kind: 'snapshot-write', write, bytes: payload });
}

function mayCheckpoint(r: ReplicaState): boolean {
  if (r.isTransferring || r.isFenced || r.ticks < r.checkpointRetryAt) return false;
  if (r.commitMin <= r.checkpointOp) return false;
  return isCheckpointDue(r) || r.config.chaos?.fire('early-checkpoint') === true;
}

/** The snapshot file is in place, or could not be written. */
export function checkpointWritten(r: ReplicaState, ok: boolean): void {
  const { checkpoint } = r;
  if (checkpoint === undefined) return;
  if (!ok) {
    r.checkpoint = undefined;
    r.checkpointRetryAt = r.ticks + retryTicks;
    alarm(r, 'checkpoint_failed', { op: checkpoint.op });
    return;
  }
  r.checkpointOp = checkpoint.op;
  r.checkpointChecksum = checkpoint.checksum;
  r.checkpointPayload = checkpoint.payload;
  r.checkpoint = { ...checkpoint, stage: 'superblock' };
  wantSuperblock(r);
}

/** A record with the new pairing is durable: entries below the checkpoint may go. */
export function checkpointPaired(r: ReplicaState, pairedOp: number): void {
  const { checkpoint } = r;
  if (checkpoint?.stage !== 'superblock' || pairedOp < checkpoint.op) return;
  r.checkpoint = undefined;
  r.counters.checkpoints++;
  // The entry at the checkpoint stays: every vote has to describe the commit point.
  r.log.dropBelow(checkpoint.op);
  queueRewrite(r, 'drain');
}
