import { acknowledgeRun, advanceRun } from './acks.js';
import { prepareChecksum, prepareOp, prepareParent, prepareTimestamp } from './frame/prepare.js';
import type { Suffix } from './frame/suffix.js';
import { discardEntry } from './journal.js';
import { alarm, trace } from './outbox.js';
import { endProbe } from './probe.js';
import type { ReplicaState } from './state.js';
import { wantSuperblock } from './superblock.js';
import { beginTransfer } from './transfer.js';
import { learnCanonical } from './verify.js';
import { resetViewChange } from './view-change.js';
import { cancelWaiters } from './waiters.js';

/** The log of a view as its primary announced it. */
export interface AnnouncedView {
  readonly view: number;
  readonly op: number;
  readonly commit: number;
  readonly suffix: Suffix;
  readonly offsetFloor: number;
  readonly sender: number;
}

/**
 * Makes this replica's log the log of the announced view, as its backup. One synchronous step; what
 * it removes from the journal is durable before the view is persisted, and only then it speaks.
 * @source Iggy consensus protocol, StartView on a backup
 */
export function adoptView(r: ReplicaState, announced: AnnouncedView): void {
  const { view, op, commit } = announced;
  const isSameLog = view === r.logView;
  cancelWaiters(r);
  r.view = view;
  endProbe(r);
  r.logView = view;
  r.status = 'normal';
  r.hasCeded = false;
  // What a lost log had committed may be gone everywhere, and a new one have begun.
  r.commitMax = Math.max(r.amnesia === 'blind' ? r.commitMin : r.commitMax, commit);
  resetViewChange(r);
  r.pipeline.clear();
  r.repair = undefined;
  r.floorCandidate = 0;
  r.staged.clear();
  r.viewHeaders = headersOf(r, announced, isSameLog);
  r.adoptedHead = op;
  r.startedHead = 0;
  r.sentUpTo = 0;
  r.heartbeatCounter = 0;
  r.recoveryBarrier = Math.min(r.recoveryBarrier, op);
  setHead(r, announced);
  reconcile(r);
  noteAmnesia(r, announced);
  r.timeouts.startViewChange.stop();
  r.timeouts.doViewChange.stop();
  r.timeouts.viewChangeStatus.stop();
  r.timeouts.heartbeat.start();
  r.isResumeDue = true;
  r.isRepairWanted = true;
  wantSuperblock(r);
  if (r.isUnfilled && r.transferStage === 'idle') beginTransfer(r, announced.sender);
  else if (r.transferStage === 'awaiting-target') r.transferPeer = announced.sender;
  if (r.tracing) trace(r, 'ReplicaStateChanged', {});
}

/**
 * The same view announced again to a replica that follows it: never lowers the head, because what
 * is above it may have been acknowledged since.
 */
export function acceptCommitHint(r: ReplicaState, announced: AnnouncedView): void {
  r.commitMax = Math.max(r.commitMax, announced.commit);
  for (const header of announced.suffix) {
    if (header !== undefined) learnHeader(r, header);
  }
  if (r.commitMin < r.commitMax) r.isRepairWanted = true;
  acknowledgeRun(r);
}

/** Headers of the view's log; a second adoption of one view adds to what the first one brought. */
function headersOf(
  r: ReplicaState,
  announced: AnnouncedView,
  isSameLog: boolean,
): ReadonlyMap<number, Uint8Array> {
  const headers = new Map<number, Uint8Array>();
  if (isSameLog) {
    for (const [op, header] of r.viewHeaders) {
      if (op > announced.commit && op <= announced.op) headers.set(op, header);
    }
  }
  for (const header of announced.suffix) {
    if (header !== undefined) headers.set(prepareOp(header), header.slice());
  }
  return headers;
}

function setHead(r: ReplicaState, announced: AnnouncedView): void {
  r.head = announced.op;
  const [top] = announced.suffix;
  if (top !== undefined) r.headChecksum = prepareChecksum(top);
  else if (announced.op === r.commitMin) r.headChecksum = r.anchor.checksum;
  for (const header of announced.suffix) {
    if (header === undefined) continue;
    r.timestampFloor = Math.max(r.timestampFloor, prepareTimestamp(header));
  }
}

/**
 * Removes what contradicts the view's log: held entries with another checksum than its headers,
 * and entries above its head, which the next prepares would collide with.
 */
function reconcile(r: ReplicaState): void {
  r.canonical.clear();
  for (const op of [...r.viewHeaders.keys()].sort((a, b) => b - a)) {
    const header = r.viewHeaders.get(op);
    if (header !== undefined) learnHeader(r, header);
  }
  sweepAbove(r, r.head);
  advanceRun(r);
}

/** A valid header of the view's log names its op and, by its parent, the one below. */
export function learnHeader(r: ReplicaState, header: Uint8Array): void {
  const op = prepareOp(header);
  learnCanonical(r, op, prepareChecksum(header));
  if (op > 1) learnCanonical(r, op - 1, prepareParent(header));
}

export function sweepAbove(r: ReplicaState, head: number): void {
  for (const op of r.log.ops()) if (op > Math.max(head, r.commitMin)) discardEntry(r, op);
}

/** A replica that may have lost acknowledged bytes never proves the absence of what it lost. */
function noteAmnesia(r: ReplicaState, announced: AnnouncedView): void {
  if (r.amnesia === 'none') {
    r.machine.takeOffsetFloor?.(announced.offsetFloor);
    // What the log of the view has not is lost to nobody.
    r.lostUpTo = Math.min(r.lostUpTo, announced.op);
    return;
  }
  r.rejoinFloor = announced.offsetFloor;
  // Whatever was committed is in the log of the answer; what is not was given up with its view.
  r.lostUpTo = r.amnesia === 'blind' ? announced.op : Math.max(r.lostUpTo, announced.op);
  r.rejoinCommit = Math.max(r.rejoinCommit, announced.commit);
  r.amnesia = 'catching-up';
  alarm(r, 'lost_ops', { lost_up_to: r.lostUpTo });
}
