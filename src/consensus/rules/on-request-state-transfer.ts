import { getU128, setU64Number, setU128 } from '../../base/index.js';
import { ArtifactKind, Command, encodeManifest } from '../../wire/index.js';
import { sealed, senderOf } from '../frame/control.js';
import { headerSize, requestTransferAt, transferTargetAt } from '../frame/layout.js';
import { send } from '../outbox.js';
import type { TransferArtifact } from '../snapshot-source.js';
import type { ReplicaState } from '../state.js';
import type { Offer } from '../transfer-session.js';

/**
 * Somebody asks for a copy of the state. Only a primary that applied everything offers one; the
 * same nonce gets the same offer again, a rebuilt one would strand its cursor.
 * @source Iggy consensus protocol, state transfer
 */
export function onRequestStateTransfer(r: ReplicaState, frame: Uint8Array): void {
  const nonce = getU128(frame, requestTransferAt.nonce);
  const peer = senderOf(frame);
  const known = r.offers.get(nonce);
  const offer = known ?? makeOffer(r, nonce);
  if (offer === 'preparing') {
    sendRefusal(r, peer, nonce, true);
  } else if (offer === undefined) {
    sendRefusal(r, peer, nonce, false);
  } else {
    offer.expiresAt = r.ticks + r.limits.offerIdleIntervals * r.limits.repairTicks;
    r.offers.add(offer);
    sendOffer(r, peer, offer);
  }
}

/** Answers that there is nothing to offer. */
export function sendRefusal(
  r: ReplicaState,
  peer: number,
  nonce: bigint,
  isTransient: boolean,
): void {
  const frame = r.templates.frame(Command.StateTransferTarget, r.view);
  setU128(frame, transferTargetAt.nonce, nonce);
  frame[transferTargetAt.unavailableTransient] = isTransient ? 1 : 0;
  setU64Number(frame, transferTargetAt.commitMax, r.commitMax);
  send(r, peer, sealed(frame));
}

function makeOffer(r: ReplicaState, nonce: bigint): Offer | 'preparing' | undefined {
  if (!mayOffer(r) || isNothingToOffer(r)) return undefined;
  const artifacts = r.machine.artifacts?.offer(r.commitMin) ?? snapshotArtifact(r);
  if (artifacts === undefined) return r.machine.artifacts === undefined ? undefined : 'preparing';
  const manifest = encodeManifest(
    artifacts.map(({ kind, frontier, length, checksum }) => ({
      kind,
      frontier: BigInt(frontier),
      len: BigInt(length),
      checksum,
    })),
  );
  return { nonce, commitOp: r.commitMin, manifest, artifacts, expiresAt: 0 };
}

/**
 * Not the whole test of a caught-up primary: its recovery barrier may lie above the commit point,
 * and the backups that could move it there may be the ones that need this state first.
 */
function mayOffer(r: ReplicaState): boolean {
  const isSound = !r.isTransferring && !r.isFenced;
  return r.isActingPrimary && isSound && r.commitMin === r.commitMax;
}

/** A log in memory may be a new one, with all that was committed before it in the files only. */
function isNothingToOffer(r: ReplicaState): boolean {
  return r.commitMin === 0 && r.config.durability === 'durable';
}

/**
 * The newest snapshot, client table included. Without one the whole log is still there and repair
 * is enough.
 */
function snapshotArtifact(r: ReplicaState): readonly TransferArtifact[] | undefined {
  const payload = r.checkpointPayload;
  if (payload === undefined) return undefined;
  return [
    {
      kind: ArtifactKind.MetadataSnapshot,
      frontier: r.checkpointOp,
      length: payload.length,
      checksum: r.checkpointChecksum,
      read: (offset, length) => payload.subarray(offset, offset + length),
    },
  ];
}

function sendOffer(r: ReplicaState, peer: number, offer: Offer): void {
  const { manifest } = offer;
  const frame = r.templates.frame(Command.StateTransferTarget, r.view, manifest.length);
  frame.set(manifest, headerSize);
  setU128(frame, transferTargetAt.nonce, offer.nonce);
  setU64Number(frame, transferTargetAt.commitOp, offer.commitOp);
  frame[transferTargetAt.available] = 1;
  setU64Number(frame, transferTargetAt.commitMax, r.commitMax);
  send(r, peer, sealed(frame));
}
