import { getU64, getU64Number } from '../../base/index.js';

import { replyAt } from './layout.js';

/** Request stamp a reply echoes, low 64 bits; the upper half is always zero. */
export function replyRequestChecksum(frame: Uint8Array): bigint {
  return getU64(frame, replyAt.requestChecksum);
}

/** Commit op of a committed reply. */
export function replyCommit(frame: Uint8Array): number {
  return getU64Number(frame, replyAt.commit);
}

/** Request number a reply answers; 0 for a Register. */
export function replyRequest(frame: Uint8Array): bigint {
  return getU64(frame, replyAt.request);
}
