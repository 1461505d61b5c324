import {
  getU32,
  getU128,
  setU32,
  setU64Number,
  setU128,
  tryGetU64Number,
} from '../../base/index.js';
import { Command } from '../../wire/index.js';
import { sealed, senderOf } from '../frame/control.js';
import { chunkAt, headerSize, requestChunkAt } from '../frame/layout.js';
import { ignore, send } from '../outbox.js';
import type { ReplicaState } from '../state.js';
import { sendRefusal } from './on-request-state-transfer.js';

/**
 * Serves a piece of an offered artifact. Beyond its end nothing is sent: an empty piece would be
 * asked for again for ever.
 */
export function onRequestStateChunk(r: ReplicaState, frame: Uint8Array): void {
  const nonce = getU128(frame, requestChunkAt.nonce);
  const peer = senderOf(frame);
  const offer = r.offers.get(nonce);
  if (offer === undefined) {
    sendRefusal(r, peer, nonce, true);
    return;
  }
  const index = getU32(frame, requestChunkAt.artifact);
  const offset = tryGetU64Number(frame, requestChunkAt.offset);
  const artifact = offer.artifacts[index];
  if (artifact === undefined || offset < 0 || offset >= artifact.length) {
    ignore(r, 'unexpected', frame);
    return;
  }
  const wanted = Math.min(getU32(frame, requestChunkAt.len), r.limits.chunkBytes);
  const bytes = artifact.read(offset, Math.min(wanted, artifact.length - offset));
  if (bytes.length === 0) {
    // What was offered is gone.
    r.offers.remove(nonce);
    sendRefusal(r, peer, nonce, true);
    return;
  }
  const chunk = r.templates.frame(Command.StateChunk, 0, bytes.length);
  chunk.set(bytes, headerSize);
  setU128(chunk, chunkAt.nonce, nonce);
  setU64Number(chunk, chunkAt.offset, offset);
  setU32(chunk, chunkAt.artifact, index);
  const isLast = index === offer.artifacts.length - 1 && offset + bytes.length === artifact.length;
  const intervals = isLast ? r.limits.offerServedIntervals : r.limits.offerIdleIntervals;
  offer.expiresAt = r.ticks + intervals * r.limits.repairTicks;
  send(r, peer, sealed(chunk));
}
