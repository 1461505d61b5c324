import { concatBytes, isIggyctlError } from '../base/index.js';
import { xxh3 } from '../wire/index.js';
import { advanceRun } from './acks.js';
import { prepareChecksum } from './frame/prepare.js';
import { extendHead, queueRewrite } from './journal.js';
import { alarm, emit } from './outbox.js';
import type { SnapshotContents, SnapshotSource } from './snapshot-source.js';
import type { ReplicaState } from './state.js';
import { wantSuperblock } from './superblock.js';
import { endTransfer, learnOfferedCommit, nextArtifact, setStage } from './transfer.js';
import type { TransferSession } from './transfer-session.js';
import { followChain } from './verify.js';

/** Goes on to install once everything wanted is here and no checkpoint is in the way. */
export function settleInstall(r: ReplicaState): void {
  const session = r.transfer;
  if (session === undefined || r.transferStage !== 'fetching') return;
  if (nextArtifact(session) !== undefined || r.checkpoint !== undefined) return;
  if (r.plane === 'metadata') beginSnapshotInstall(r, session);
  else beginArtifactInstall(r, session);
}

/** Checks everything that can be checked before the old snapshot is replaced. */
function beginSnapshotInstall(r: ReplicaState, session: TransferSession): void {
  const { snapshots } = r.machine;
  const artifact = session.artifacts.find((each) => each.isWanted);
  if (snapshots === undefined || artifact === undefined) {
    endTransfer(r);
    return;
  }
  const payload = concatBytes(artifact.chunks);
  const contents = readSnapshot(r, snapshots, payload, artifact.checksum);
  const isUsable =
    contents !== undefined &&
    contents.op === artifact.frontier &&
    contents.op <= session.commitOp &&
    isOfThisLog(r, contents);
  if (!isUsable) {
    undecodable(r, session);
    return;
  }
  r.incoming = { payload, checksum: artifact.checksum, op: contents.op };
  setStage(r, 'installing');
  const write = ++r.writeCounter;
  r.snapshotWrite = write;
  emit(r, { kind: 'snapshot-write', write, bytes: payload });
}

function readSnapshot(
  r: ReplicaState,
  snapshots: SnapshotSource,
  payload: Uint8Array,
  checksum: bigint,
): SnapshotContents | undefined {
  if (xxh3(payload) !== checksum) return undefined;
  try {
    return snapshots.decode(payload);
  } catch (error) {
    if (!isIggyctlError(error)) throw error;
    alarm(r, 'snapshot_undecodable', { code: error.code });
    return undefined;
  }
}

/** A snapshot of this very log has the entry at its op that this view's log has there. */
function isOfThisLog(r: ReplicaState, contents: SnapshotContents): boolean {
  if (contents.commitHeader === undefined) return false;
  const canonical = r.canonical.get(contents.op);
  return canonical === undefined || canonical === prepareChecksum(contents.commitHeader);
}

/** Bad bytes: fetched again for a while, then this offer is given up. */
function undecodable(r: ReplicaState, session: TransferSession): void {
  alarm(r, 'transfer_artifact_mismatch', { peer: session.peer });
  r.transferDecodeFailures++;
  const { peer } = session;
  endTransfer(r);
  if (r.transferDecodeFailures >= r.limits.transferDecodeBudget) {
    r.transferDecodeFailures = 0;
    r.refusedSnapshot = session.artifacts[0]?.checksum;
    return;
  }
  r.transferPeer = peer;
  setStage(r, 'awaiting-target');
}

/** The received snapshot is durably in place, or could not be written. */
export function snapshotInstalled(r: ReplicaState, ok: boolean): void {
  const session = r.transfer;
  const { incoming } = r;
  r.incoming = undefined;
  if (incoming === undefined) return;
  if (!ok) {
    alarm(r, 'install_failed', { op: incoming.op });
    endTransfer(r);
    return;
  }
  const contents = r.machine.snapshots?.restore(incoming.payload);
  if (contents?.commitHeader === undefined) return;
  r.table.restore(contents.sessions);
  r.checkpointOp = incoming.op;
  r.checkpointChecksum = incoming.checksum;
  r.checkpointPayload = incoming.payload;
  r.transferDecodeFailures = 0;
  moveTo(r, contents.op, contents.commitHeader);
  if (session !== undefined) learnOfferedCommit(r, session);
  r.counters.transfersInstalled++;
  endTransfer(r);
}

/**
 * Everything up to `op` is in the installed state. Entries above it stay: verified ones verified,
 * the others until the chain decides; cutting them would remove acknowledged ops.
 */
function moveTo(r: ReplicaState, op: number, header: Uint8Array): void {
  const checksum = prepareChecksum(header);
  r.canonical.dropThrough(op);
  r.staged.dropBelow(op + 1);
  r.commitMin = op;
  r.commitMax = Math.max(r.commitMax, op);
  r.anchor = { op, checksum };
  r.isAnchorOpen = false;
  r.keptHeader = header;
  r.isFenced = false;
  r.runTop = op;
  r.log.dropBelow(op + 1);
  if (r.head <= op) {
    r.head = op;
    r.headChecksum = checksum;
  }
  extendHead(r);
  const next = r.canonical.get(op + 1);
  if (next !== undefined) followChain(r, op + 1);
  advanceRun(r);
  queueRewrite(r, 'drain');
  wantSuperblock(r);
}

/**
 * The log is cleared with the old files, so it must hold nothing above the offer that may be committed by
 * now. Commits alone are no reason to fetch everything again: where a partition is busy they never stop,
 * and what came behind the offer is repaired.
 */
function isOutrun(r: ReplicaState, session: TransferSession): boolean {
  const { commitOp } = session;
  return commitOp < r.commitMax && r.log.ops().some((op) => op > commitOp);
}

/** Partitions: the machine has the files swapped; the host says when that is done. */
function beginArtifactInstall(r: ReplicaState, session: TransferSession): void {
  const { artifacts } = r.machine;
  if (artifacts?.areIntact() !== true) {
    undecodable(r, session);
    return;
  }
  if (isOutrun(r, session)) {
    const { peer } = session;
    endTransfer(r);
    r.transferPeer = peer;
    setStage(r, 'awaiting-target');
    return;
  }
  setStage(r, 'installing');
  artifacts.install(session.commitOp);
}
