import { equalRange, getU32 } from '../base/index.js';
import { Command, checkFrame, frameKindOf } from '../wire/index.js';
import type { IgnoreReason } from './counters.js';
import { commandOf, senderOf } from './frame/control.js';
import { groupIncarnationAt, groupOffset, headerSize, prepareAt } from './frame/layout.js';
import type { ReplicaState } from './state.js';

/**
 * Judges the outside of a frame from another replica: form, seal, cluster, group, incarnation and
 * sender. Prepares have no seal; their rule checks identity and body.
 * @returns why the frame is dropped, or `undefined`
 */
export function frameFault(r: ReplicaState, frame: Uint8Array): IgnoreReason | undefined {
  if (frame.length < headerSize || getU32(frame, prepareAt.size) !== frame.length) {
    return 'malformed';
  }
  const command = commandOf(frame);
  const groupAt = groupOffset(command);
  if (groupAt < 0) return 'unexpected';
  const isPrepare = command === Command.Prepare || command === Command.RepairPrepare;
  if (!isPrepare) {
    const fault = sealedFault(frame);
    if (fault !== undefined) return fault;
  }
  const own = r.templates.of(command);
  if (!equalRange(frame, prepareAt.cluster, own, prepareAt.cluster, 16)) return 'wrong_cluster';
  if (!equalRange(frame, groupAt, own, groupAt, 8)) return 'wrong_group';
  if (senderOf(frame) >= r.replicaCount) return 'foreign_replica';
  if (isPrepare) return undefined;
  if (!equalRange(frame, groupIncarnationAt, own, groupIncarnationAt, 8)) {
    return 'stale_incarnation';
  }
  return senderOf(frame) === r.self ? 'foreign_replica' : undefined;
}

function sealedFault(frame: Uint8Array): IgnoreReason | undefined {
  try {
    checkFrame(frame, frameKindOf(frame, 'replica'));
  } catch (error) {
    return isSealError(error) ? 'checksum_mismatch' : 'malformed';
  }
  return undefined;
}

function isSealError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'WIRE_CHECKSUM_FRAME';
}
