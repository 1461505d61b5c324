import { xxh3 } from '../wire/index.js';
import { encodeClientTable } from './client-table/codec.js';
import type { ClientTableImage } from './client-table/image.js';
import type { ReplicaState } from './state.js';

const statuses = ['normal', 'view-change', 'recovering'] as const;
const stages = ['idle', 'awaiting-target', 'fetching', 'installing'] as const;
const amnesias = ['none', 'blind', 'catching-up'] as const;

/** A hash of a client table; equal on all replicas that applied the same entries. */
export function sessionsDigest(image: ClientTableImage): bigint {
  return xxh3(encodeClientTable(image));
}

/**
 * A hash of what a replica knows of its log, its view and its writes: equal for two replicas that
 * were told the same from the same beginning on.
 */
export function stateDigest(r: Readonly<ReplicaState>): bigint {
  const entries = r.log.entries();
  const numbers = [
    ...progressOf(r),
    ...countsOf(r),
    ...entries.flatMap(({ op, durable }) => [op, Number(durable)]),
  ];
  const wide = [
    ...[r.headChecksum, r.anchor.checksum, r.checkpointChecksum],
    ...[r.bootIncarnation, r.probeCounter, r.nonceCounter],
    ...entries.map(({ checksum }) => checksum),
  ];
  const view = new DataView(new ArrayBuffer(8 * (numbers.length + wide.length)));
  for (const [i, value] of numbers.entries()) view.setFloat64(8 * i, value);
  for (const [i, value] of wide.entries()) view.setBigUint64(8 * (numbers.length + i), value);
  return xxh3(new Uint8Array(view.buffer));
}

/** Where it is: positions of the log, views, and how far each is durable. */
function progressOf(r: Readonly<ReplicaState>): readonly number[] {
  return [
    ...[statuses.indexOf(r.status), r.view, r.logView, r.viewDurable, r.logViewDurable],
    ...[r.head, r.timestampFloor, r.commitMin, r.commitMax, r.anchor.op, r.runTop],
    ...[r.drainedUpTo, r.sentUpTo, r.observedNewerView, r.heartbeatCounter, r.adoptedHead],
    ...[r.startedHead, r.rejoinCommit, r.rejoinFloor, r.lostUpTo, r.lostUpToDurable],
    ...[r.recoveryBarrier, r.floorCandidate, r.checkpointOp, r.forgottenIn],
    ...[stages.indexOf(r.transferStage), amnesias.indexOf(r.amnesia)],
  ];
}

/** What is under way, and the flags. */
function countsOf(r: Readonly<ReplicaState>): readonly number[] {
  const flags = [
    ...[r.halted, r.isAnchorOpen, r.isAnchorWanted, r.hasCeded, r.isViewAnnounced, r.isVoteDue],
    ...[r.journalLost, r.joining, r.isUnfilled, r.isRepairWanted, r.isFenced, r.isSuperblockWanted],
    ...[r.isResumeDue, r.repair !== undefined, r.checkpoint !== undefined],
  ];
  return [
    ...[r.ticks, r.writeCounter, r.snapshotWrite, r.superblockFailures, r.superblockRetryAt],
    ...[r.pipeline.length, r.requestQueue.length, r.pendingWrites.size, r.pendingDiscards],
    ...[r.unwritten.size, r.staged.bytes, r.evicted.bytes, r.log.bytes, r.viewHeaders.size],
    ...[r.peersHeard, r.svcSenders, r.viewChangePeers, r.lostPeers, r.probeAttempts],
    ...flags.map(Number),
  ];
}
