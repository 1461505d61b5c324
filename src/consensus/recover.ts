import { Command } from '../wire/index.js';
import { advanceRun } from './acks.js';
import { applyEntry } from './commit.js';
import { mark } from './counters.js';
import type { SuperblockWrite } from './effects.js';
import { RecoveryRefusedError } from './errors.js';
import {
  prepareChecksum,
  prepareCommit,
  prepareOp,
  prepareTimestamp,
  prepareView,
} from './frame/prepare.js';
import { discardEntry, queueRewrite } from './journal.js';
import { contentOf, logEntry } from './log.js';
import type { RecoveredState } from './recovered.js';
import type { ReplicaState } from './state.js';

/**
 * Rebuilds everything that survives a stop: snapshot, journal, superblock. Replays what is proven
 * to be committed and nothing else.
 * @throws RECOVERY_REFUSED when the durable state contradicts itself
 * @source Iggy consensus protocol, metadata recovery
 */
export function recover(r: ReplicaState, found: RecoveredState): void {
  r.bootIncarnation = found.incarnation;
  restoreSnapshot(r, found);
  restoreAnchor(r, found);
  if (found.journalLost === true && r.replicaCount === 1) resumeAlone(r, found.superblock);
  loadEntries(r, found);
  const watermark = provenCommit(r, found.superblock);
  replay(r, watermark);
  if (found.superblock !== undefined) restoreRecord(r, found.superblock);
  else restoreViewFromLog(r);
  restoreHead(r);
  r.isSuperblockWanted = found.superblock === undefined;
}

function restoreSnapshot(r: ReplicaState, found: RecoveredState): void {
  const { snapshot, superblock } = found;
  const pairedOp = superblock?.checkpointOp ?? 0;
  const snapshotOp = snapshot?.op ?? 0;
  if (pairedOp > snapshotOp) {
    refuse('checkpoint_ahead_of_snapshot', 'a snapshot write was lost', { pairedOp, snapshotOp });
  }
  if (snapshot === undefined) return;
  if (pairedOp === snapshotOp && superblock?.checkpointChecksum !== snapshot.checksum) {
    refuse('checkpoint_mismatch', 'the superblock names another snapshot', { pairedOp });
  }
  const contents = r.machine.snapshots?.restore(snapshot.payload);
  if (contents?.op !== snapshot.op) {
    refuse('snapshot_undecodable', 'the snapshot is not of the op it is named for', { snapshotOp });
  }
  r.table.restore(contents.sessions);
  r.checkpointOp = snapshot.op;
  r.checkpointChecksum = snapshot.checksum;
  r.checkpointPayload = snapshot.payload;
  r.commitMin = snapshot.op;
  r.commitMax = snapshot.op;
  r.timestampFloor = contents.timestamp;
  const header = contents.commitHeader ?? entryAt(found, snapshot.op);
  setAnchor(r, snapshot.op, header);
}

/** Partitions: everything up to the anchor is in the segments. */
function restoreAnchor(r: ReplicaState, found: RecoveredState): void {
  const { anchor } = found;
  if (anchor === undefined) return;
  r.commitMin = prepareOp(anchor);
  r.drainedUpTo = r.commitMin;
  r.commitMax = r.commitMin;
  r.timestampFloor = prepareTimestamp(anchor);
  setAnchor(r, r.commitMin, anchor);
}

/**
 * A lone partition without its journal has nobody to ask: what it had committed is in its segments,
 * or was confirmed from memory only. It goes on behind that, so that no op is used twice.
 */
function resumeAlone(r: ReplicaState, record: SuperblockWrite | undefined): void {
  const op = record?.commitMax ?? 0;
  if (op <= r.commitMin) return;
  r.commitMin = op;
  r.commitMax = op;
  r.drainedUpTo = op;
  setAnchor(r, op, undefined);
}

function setAnchor(r: ReplicaState, op: number, header: Uint8Array | undefined): void {
  r.runTop = op;
  if (header === undefined) {
    r.anchor = { op, checksum: 0n };
    r.isAnchorOpen = op > 0;
    return;
  }
  r.anchor = { op, checksum: prepareChecksum(header) };
  r.keptHeader = header.slice(0, 256);
}

function entryAt(found: RecoveredState, op: number): Uint8Array | undefined {
  return found.entries.findLast((entry) => prepareOp(entry) === op);
}

/** Of two entries with one op the later wins: it replaced the earlier one. */
function loadEntries(r: ReplicaState, found: RecoveredState): void {
  for (const frame of found.entries) {
    if (frame[60] !== Command.Prepare) {
      refuse('foreign_entry', 'the journal holds something that is no prepare');
    }
    r.log.put(logEntry(frame, true));
  }
  // What a crash kept of a drain is drained now. The entry at a checkpoint stays, as the commit
  // point every vote has to describe.
  const before = r.log.size;
  r.log.dropBelow(r.plane === 'partition' ? r.commitMin + 1 : r.commitMin);
  if (r.log.size < before) queueRewrite(r, 'drain');
  for (const entry of r.log.entries()) {
    if (entry.op > r.commitMin) r.machine.logged?.(contentOf(entry));
  }
  advanceRun(r);
}

/**
 * Highest op that is known to be committed from the log alone. An entry proves every op up to its
 * commit stamp, provided that held entries chain from there up to it: `runTop` is how far they
 * chain to the checkpoint. Journaled does not mean committed, except for a lone replica.
 */
function provenCommit(r: ReplicaState, superblock: SuperblockWrite | undefined): number {
  const [lowest] = r.log.ops();
  const highest = r.log.ops().at(-1) ?? r.commitMin;
  if (r.replicaCount === 1) {
    const isWhole = r.runTop >= highest;
    if (!isWhole) refuse('log_gap', 'the log of a lone replica has a gap', { lowest, highest });
    if ((superblock?.commitMax ?? 0) > r.runTop) {
      refuse('lost_committed', 'committed entries are missing', { runTop: r.runTop });
    }
    return r.runTop;
  }
  let proven = r.commitMin;
  for (let op = r.commitMin + 1; op <= r.runTop; op++) {
    const entry = r.log.get(op);
    if (entry !== undefined) proven = Math.max(proven, prepareCommit(entry.frame));
  }
  return Math.min(proven, r.runTop);
}

function replay(r: ReplicaState, watermark: number): void {
  for (let op = r.commitMin + 1; op <= watermark; op++) {
    const entry = r.log.get(op);
    if (entry === undefined) return;
    applyEntry(r, entry);
  }
}

/**
 * The durable numbers. `commitMax` never licenses applying, but this replica's votes start there:
 * it must neither discard nor contradict what it had adopted.
 */
function restoreRecord(r: ReplicaState, record: SuperblockWrite): void {
  if (record.logView > record.view) {
    refuse('log_view_above_view', 'the superblock contradicts itself');
  }
  r.view = record.view;
  r.logView = record.logView;
  r.viewDurable = record.view;
  r.logViewDurable = record.logView;
  r.commitMax = Math.max(r.commitMax, record.commitMax);
  r.lostUpTo = record.lostUpTo;
  r.lostUpToDurable = record.lostUpTo;
  const headers = new Map<number, Uint8Array>();
  for (const header of record.viewHeaders) headers.set(prepareOp(header), header);
  r.viewHeaders = headers;
  if (headers.size > 0) mark(r, 'view headers restored at boot');
}

function restoreViewFromLog(r: ReplicaState): void {
  const last = r.log.entries().at(-1);
  if (last !== undefined) r.view = prepareView(last.frame);
}

/**
 * The head a vote will claim: never below anything this replica adopted or acknowledged. Entries
 * that contradict a durable header of its own view are superseded.
 */
function restoreHead(r: ReplicaState): void {
  for (const [op, header] of r.viewHeaders) {
    const entry = r.log.get(op);
    if (entry === undefined || op <= r.commitMin) continue;
    // Durably: under a later log view it would be reported as that view's own.
    if (entry.checksum !== prepareChecksum(header)) discardEntry(r, op);
  }
  const held = r.log.ops().at(-1) ?? 0;
  const announced = Math.max(0, ...r.viewHeaders.keys());
  r.head = Math.max(held, r.commitMin, r.commitMax, announced, r.lostUpTo);
  const top = r.log.get(r.head)?.frame ?? r.viewHeaders.get(r.head);
  r.headChecksum = top === undefined ? r.anchor.checksum : prepareChecksum(top);
  for (const entry of r.log.entries()) lift(r, entry.frame);
  for (const header of r.viewHeaders.values()) lift(r, header);
  r.runTop = r.commitMin;
  advanceRun(r);
}

function lift(r: ReplicaState, header: Uint8Array): void {
  r.timestampFloor = Math.max(r.timestampFloor, prepareTimestamp(header));
}

function refuse(
  damage: ConstructorParameters<typeof RecoveryRefusedError>[0],
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): never {
  throw new RecoveryRefusedError(damage, message, details);
}
