import {
  commitHeader,
  doViewChangeHeader,
  type FrameKind,
  frameSpecs,
  prepareHeader,
  prepareOkHeader,
  repairRangeReplyHeader,
  replyHeader,
  requestPreparesHeader,
  requestStartViewHeader,
  requestStateChunkHeader,
  requestStateTransferHeader,
  startViewHeader,
  stateChunkHeader,
  stateTransferTargetHeader,
} from '../../wire/index.js';

/** Offsets of header fields, for reading and writing them in place. */

export const headerSize = 256;
/** End of the header's common half. */
export const prefixEnd = 128;

export const prepareAt = prepareHeader.offsetOf;
export const prepareOkAt = prepareOkHeader.offsetOf;
/** Commit, the heartbeat, and Pong, its answer. */
export const heartbeatAt = commitHeader.offsetOf;
export const doViewChangeAt = doViewChangeHeader.offsetOf;
export const startViewAt = startViewHeader.offsetOf;
export const requestStartViewAt = requestStartViewHeader.offsetOf;
export const requestPreparesAt = requestPreparesHeader.offsetOf;
export const repairReplyAt = repairRangeReplyHeader.offsetOf;
export const requestTransferAt = requestStateTransferHeader.offsetOf;
export const transferTargetAt = stateTransferTargetHeader.offsetOf;
export const requestChunkAt = requestStateChunkHeader.offsetOf;
export const chunkAt = stateChunkHeader.offsetOf;
export const replyAt = replyHeader.offsetOf;

/** Our extension in every sealed header that has a group. */
export const groupIncarnationAt = prepareOkAt.groupIncarnation;

const replicaKinds = [
  'Prepare',
  'RepairPrepare',
  'PrepareOk',
  'Commit',
  'HeartbeatAnswer',
  'StartViewChange',
  'DoViewChange',
  'StartView',
  'RequestStartView',
  'RequestPrepares',
  'RepairRangeReply',
  'RequestStateTransfer',
  'StateTransferTarget',
  'RequestStateChunk',
  'StateChunk',
] as const satisfies readonly FrameKind[];

/** Offset of `group` by command, -1 for commands that no group handles. */
const groupOffsets: readonly number[] = (() => {
  const offsets = new Array<number>(30).fill(-1);
  for (const kind of replicaKinds) {
    const { codec, commands } = frameSpecs[kind];
    for (const command of commands) offsets[command] = codec.offsetOf['group'] ?? -1;
  }
  return offsets;
})();

/** Offset of `group` in a frame of this command, or -1 when no group handles it. */
export function groupOffset(command: number): number {
  return groupOffsets[command] ?? -1;
}
