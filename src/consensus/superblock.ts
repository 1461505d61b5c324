import type { SuperblockWrite } from './effects.js';
import { alarm, emit, halt } from './outbox.js';
import type { ReplicaState } from './state.js';

const ticksPerSecond = 100;
const backoffExponentMax = 8;

/** Asks for a record although the views in memory are durable. */
export function wantSuperblock(r: ReplicaState): void {
  r.isSuperblockWanted = true;
}

/**
 * Emits the write of a record when one is due: one writer at a time, and never while a removal of
 * log entries is under way, because the record claims the log it is removed from.
 */
export function settleSuperblock(r: ReplicaState): void {
  const isBehind = r.view !== r.viewDurable || r.logView !== r.logViewDurable;
  if (!isBehind && !r.isSuperblockWanted) return;
  if (r.superblockWrite !== undefined || r.ticks < r.superblockRetryAt) return;
  if (r.pendingDiscards > 0 || r.isRewriteQueued === 'discard') return;
  const write = ++r.writeCounter;
  const record = captureRecord(r);
  r.isSuperblockWanted = false;
  r.superblockWrite = { write, record, frontiers: r.frontierTokens.length };
  emit(r, { kind: 'superblock-write', write, record });
}

/** The record as of now; what was written is marked durable, never what came after. */
function captureRecord(r: ReplicaState): SuperblockWrite {
  const ops = [...r.viewHeaders.keys()].sort((a, b) => b - a);
  const viewHeaders: Uint8Array[] = [];
  for (const op of ops) {
    const header = r.viewHeaders.get(op);
    if (header !== undefined) viewHeaders.push(header);
  }
  return {
    view: r.view,
    logView: r.logView,
    // What is remembered for a view binds every later vote, and a vote ends at the own head.
    commitMax: Math.min(r.commitMax, r.head),
    checkpointOp: r.checkpointOp,
    checkpointChecksum: r.checkpointChecksum,
    offsetFrontier: r.machine.offsetFrontier?.() ?? 0,
    lostUpTo: r.lostUpTo,
    viewHeaders,
  };
}

/**
 * Whether the log on disk is described by the record on disk: the view it is of, and up to which op
 * something is missing in it. Nothing is added to it before that.
 */
export function isLogRecorded(r: ReplicaState): boolean {
  return r.logViewDurable === r.logView && r.lostUpToDurable === r.lostUpTo;
}

/** Completion of a record write. Returns what became durable, or `undefined` after a failure. */
export function superblockDone(
  r: ReplicaState,
  write: number,
  ok: boolean,
): SuperblockWrite | undefined {
  const pending = r.superblockWrite;
  if (pending === undefined || pending.write !== write) return undefined;
  r.superblockWrite = undefined;
  if (!ok) {
    noteFailure(r);
    return undefined;
  }
  r.superblockFailures = 0;
  r.viewDurable = pending.record.view;
  r.logViewDurable = pending.record.logView;
  r.lostUpToDurable = pending.record.lostUpTo;
  return pending.record;
}

/** Withholds every gated frame and tries again later; a replica that cannot persist is invisible. */
function noteFailure(r: ReplicaState): void {
  r.isSuperblockWanted = true;
  r.isResumeDue = true;
  r.superblockFailures++;
  r.counters.superblockFailures++;
  if ((r.superblockFailures & (r.superblockFailures - 1)) === 0) {
    alarm(r, 'superblock_write_failed', { failures: r.superblockFailures });
  }
  const delay = Math.min(2 ** Math.min(r.superblockFailures, backoffExponentMax), ticksPerSecond);
  r.superblockRetryAt = r.ticks + delay;
  const window = r.limits.superblockFatalTicks;
  const isFatal = window > 0 && r.superblockFailures >= window / ticksPerSecond;
  if (isFatal && r.plane === 'metadata') {
    halt(r, 'superblock_wedged', 'the superblock could not be written for too long');
  }
}
