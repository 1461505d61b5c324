import { getU32, getU128, tryGetU64Number } from '../../base/index.js';
import { senderOf } from '../frame/control.js';
import { chunkAt, headerSize } from '../frame/layout.js';
import { alarm, ignore } from '../outbox.js';
import type { ReplicaState } from '../state.js';
import { endTransfer, nextArtifact, requestChunk } from '../transfer.js';

/**
 * A piece of an artifact. Only the one asked for is taken: the first incomplete artifact, exactly
 * where it ends so far, not empty, not beyond its length.
 */
export function onStateChunk(r: ReplicaState, frame: Uint8Array): void {
  const session = r.transfer;
  const isOurs =
    session !== undefined &&
    r.transferStage === 'fetching' &&
    getU128(frame, chunkAt.nonce) === session.nonce &&
    senderOf(frame) === session.peer;
  if (!isOurs) {
    ignore(r, session === undefined ? 'no_session' : 'stale_nonce', frame);
    return;
  }
  const next = nextArtifact(session);
  const bytes = frame.subarray(headerSize);
  const isExpected =
    next !== undefined &&
    getU32(frame, chunkAt.artifact) === next.index &&
    tryGetU64Number(frame, chunkAt.offset) === next.artifact.received &&
    bytes.length > 0 &&
    next.artifact.received + bytes.length <= next.artifact.length;
  if (!isExpected) {
    ignore(r, 'unexpected', frame);
    return;
  }
  const { artifacts } = r.machine;
  if (artifacts === undefined) next.artifact.chunks.push(bytes);
  else if (!artifacts.received(next.index, bytes)) {
    alarm(r, 'transfer_abandoned', { peer: session.peer });
    endTransfer(r);
    return;
  }
  next.artifact.received += bytes.length;
  session.idleTicks = 0;
  session.stalls = 0;
  requestChunk(r, session);
}
