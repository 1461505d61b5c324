import { beginProbe } from './probe.js';
import { restartQuorumCheck } from './quorum-check.js';
import type { RecoveredState } from './recovered.js';
import type { ReplicaState } from './state.js';

/**
 * How a replica comes to life after recovery. One that lived, or whose group did, has to ask which view it is and
 * never resumes as primary by itself; one that never lived starts in view 0.
 * @source Iggy consensus protocol, join mode
 */
export function join(r: ReplicaState, found: RecoveredState): void {
  const isAlone = r.replicaCount === 1;
  const hasLived =
    r.head > 0 ||
    found.isKnown === true ||
    found.superblock !== undefined ||
    found.joining === true ||
    found.journalLost === true;
  if (isAlone || !hasLived) {
    startPlainly(r);
    return;
  }
  if (found.joining === true || found.journalLost === true) {
    r.joining = found.joining === true;
    r.isUnfilled = r.joining && r.config.durability === 'memory';
    // A wiped disk takes what was in memory with it.
    r.journalLost = found.journalLost === true || r.isUnfilled;
    r.amnesia = 'blind';
  }
  // Reads wait for the old head to be reached again: what lies above the proven commit point may
  // have been acknowledged to a client.
  if (r.commitMin < r.head) r.recoveryBarrier = r.head;
  // Partitions repair from their journal first; a transfer comes only when that is refused.
  if (r.plane === 'metadata') r.transferStage = 'awaiting-target';
  r.hasCeded = r.isPrimaryByIndex;
  beginProbe(r);
}

function startPlainly(r: ReplicaState): void {
  r.status = 'normal';
  r.isViewAnnounced = true;
  r.observedNewerView = r.view;
  r.machine.takeOffsetFloor?.(r.machine.offsetFloor?.() ?? 0);
  if (!r.isPrimaryByIndex) {
    r.timeouts.heartbeat.start();
    return;
  }
  restartQuorumCheck(r);
  r.startedHead = r.head;
  r.sentUpTo = r.head;
  if (r.replicaCount > 1) r.timeouts.commit.start();
}
