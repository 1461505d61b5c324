import { getU128, tryGetU64Number } from '../../base/index.js';
import { ArtifactKind, decodeManifest, type ManifestEntry } from '../../wire/index.js';
import { senderOf, viewOf } from '../frame/control.js';
import { headerSize, transferTargetAt } from '../frame/layout.js';
import { alarm, ignore } from '../outbox.js';
import type { ReplicaState } from '../state.js';
import {
  beginTransfer,
  endTransfer,
  learnOfferedCommit,
  requestChunk,
  setStage,
} from '../transfer.js';
import type { IncomingArtifact, TransferSession } from '../transfer-session.js';

/** The answer to a request for a state: an offer with its manifest, or a refusal. */
export function onStateTransferTarget(r: ReplicaState, frame: Uint8Array): void {
  const session = r.transfer;
  const isOurs =
    session !== undefined &&
    getU128(frame, transferTargetAt.nonce) === session.nonce &&
    senderOf(frame) === session.peer;
  if (!isOurs) {
    ignore(r, session === undefined ? 'no_session' : 'stale_nonce', frame);
  } else if (frame[transferTargetAt.available] === 0) {
    onRefused(r, session, frame);
  } else if (r.transferStage === 'awaiting-target') {
    onOffer(r, session, frame);
  } else {
    ignore(r, 'unexpected', frame);
  }
}

function onRefused(r: ReplicaState, session: TransferSession, frame: Uint8Array): void {
  if (frame[transferTargetAt.unavailableTransient] === 0) giveUp(r);
  // The offer was forgotten there; a new one is asked for.
  else if (r.transferStage === 'fetching') beginTransfer(r, session.peer);
  // Otherwise it is being prepared, and the same request is made again after the usual pause.
}

/** Without an offer the log has to do; the next request for a state waits a while. */
function giveUp(r: ReplicaState): void {
  r.counters.transfersRefused++;
  r.transferRetryAt = r.ticks + r.limits.repairTicks;
  endTransfer(r);
}

function onOffer(r: ReplicaState, session: TransferSession, frame: Uint8Array): void {
  const commitOp = tryGetU64Number(frame, transferTargetAt.commitOp);
  const commitMax = tryGetU64Number(frame, transferTargetAt.commitMax);
  const artifacts = incoming(r, frame);
  const isPlausible =
    (commitOp > 0 || (commitOp === 0 && r.isUnfilled)) &&
    commitMax >= commitOp &&
    artifacts !== undefined &&
    mayTake(r, frame, commitMax);
  if (!isPlausible) {
    alarm(r, 'offer_refused', { peer: session.peer });
    giveUp(r);
    return;
  }
  session.commitOp = commitOp;
  session.commitMax = commitMax;
  session.view = viewOf(frame);
  session.artifacts = artifacts;
  session.idleTicks = 0;
  session.stalls = 0;
  if (!artifacts.some((artifact) => artifact.isWanted)) {
    // The offered state is not ahead of what was applied here: keep it, repair the rest.
    learnOfferedCommit(r, session);
    endTransfer(r);
    return;
  }
  r.machine.artifacts?.receive(artifacts);
  setStage(r, 'fetching');
  requestChunk(r, session);
}

/**
 * Partitions: an empty group that came up at view 0 passes every test of a caught-up primary, so
 * its offer is measured against what is known here.
 */
function mayTake(r: ReplicaState, frame: Uint8Array, commitMax: number): boolean {
  return r.plane === 'metadata' || (viewOf(frame) >= r.view && commitMax >= r.commitMax);
}

function incoming(r: ReplicaState, frame: Uint8Array): readonly IncomingArtifact[] | undefined {
  let entries: readonly ManifestEntry[];
  try {
    entries = decodeManifest(frame.subarray(headerSize));
  } catch {
    return undefined;
  }
  const total = entries.reduce((sum, { len }) => sum + len, 0n);
  const tooLarge = entries.some(({ len }) => len > BigInt(r.limits.artifactBytesMax));
  if (tooLarge || total > BigInt(r.limits.transferBytesMax)) return undefined;
  if (entries.length > r.limits.manifestEntriesMax) return undefined;
  if (entries.some((entry) => !isKnownKind(r, entry))) return undefined;
  if (entries[0]?.checksum === r.refusedSnapshot && entries.length > 0) return undefined;
  return entries.map((entry) => ({
    kind: entry.kind,
    frontier: Number(entry.frontier),
    length: Number(entry.len),
    checksum: entry.checksum,
    isWanted: isWanted(r, entry),
    chunks: [],
    received: 0,
  }));
}

function isKnownKind(r: ReplicaState, { kind, frontier }: ManifestEntry): boolean {
  if (frontier > BigInt(Number.MAX_SAFE_INTEGER)) return false;
  return r.plane === 'metadata'
    ? kind === ArtifactKind.MetadataSnapshot || kind === ArtifactKind.ClientTable
    : kind === ArtifactKind.SegmentLog || kind === ArtifactKind.ConsumerOffsets;
}

/**
 * A snapshot that is not ahead of the applied state would rewind it. The client table is part of
 * the snapshot; a separate one could only contradict the state it belongs to.
 */
function isWanted(r: ReplicaState, { kind, frontier }: ManifestEntry): boolean {
  if (r.plane === 'partition') return true;
  if (kind === ArtifactKind.ClientTable) return false;
  return Number(frontier) > r.commitMin || (r.isFenced && Number(frontier) >= r.commitMin);
}
