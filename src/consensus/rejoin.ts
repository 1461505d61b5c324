import { emit } from './outbox.js';
import type { ReplicaState } from './state.js';

/** A replica that lost its log takes part again once it has applied what it was told of. */
export function settleRejoin(r: ReplicaState): void {
  if (r.status !== 'normal' || r.isTransferring || r.commitMin < r.rejoinCommit) return;
  r.amnesia = 'none';
  r.journalLost = false;
  // Not before: until then what this replica acknowledged in an earlier life is reserved here alone.
  r.machine.takeOffsetFloor?.(r.rejoinFloor);
  r.isResumeDue = true;
  if (!r.joining) return;
  r.joining = false;
  emit(r, { kind: 'rejoined' });
}

/**
 * All replicas lost their logs: nobody can serve or miss any of it. The files hold what was
 * flushed, and a new log begins behind it.
 */
export function forgetLog(r: ReplicaState): void {
  r.amnesia = 'none';
  r.journalLost = false;
  r.forgottenIn = r.logView;
  r.lostUpTo = 0;
  r.viewHeaders = new Map();
  r.commitMax = r.commitMin;
  r.head = r.commitMin;
  r.headChecksum = r.anchor.checksum;
  r.recoveryBarrier = 0;
  r.machine.forgetOffsets?.();
}
