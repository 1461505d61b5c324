import { getU64, tryGetU64Number } from '../../base/index.js';
import {
  batchAt,
  headerSize,
  isWireError,
  readSendMessages,
  type SendMessagesEnvelope,
  stampBatch,
  verifyBatch,
  verifySendMessages,
} from '../../wire/index.js';
import { code } from '../codes.js';
import { rememberVerified, wasVerified } from './verified-bytes.js';

/** Which partition, offset and time a batch gets. */
export interface Stamp {
  readonly partitionId: number;
  readonly baseOffset: number;
  readonly baseTimestamp: number;
}

/**
 * The batch of a send request after every check: sizes, padding, counts and both kinds of checksum;
 * or the status it is refused with.
 * @source Iggy server, batch admission
 */
export function readSendRequest(body: Uint8Array): SendMessagesEnvelope | number {
  try {
    const envelope = readSendMessages(body);
    verifySendMessages(envelope);
    return envelope;
  } catch (error) {
    if (!isWireError(error)) throw error;
    if (error.code === 'WIRE_CHECKSUM_MESSAGE') return code.invalidMessageChecksum;
    if (error.code === 'WIRE_CHECKSUM_BATCH') return code.invalidBatchChecksum;
    return code.invalidCommand;
  }
}

/** A stamped copy of a verified batch, behind room for the header of its prepare. */
export function stampedCopy(batch: Uint8Array, stamp: Stamp): Uint8Array {
  const stamped = new Uint8Array(headerSize + batch.length).subarray(headerSize);
  stamped.set(batch);
  stampBatch(stamped, stamp);
  rememberVerified(stamped);
  return stamped;
}

/** The same for a batch that has room in front and belongs to nobody else. */
export function stampedInPlace(batch: Uint8Array, stamp: Stamp): Uint8Array {
  stampBatch(batch, stamp);
  rememberVerified(batch);
  return batch;
}

/** The checksum a stamped batch carries. */
export function stampedChecksum(batch: Uint8Array): bigint {
  return getU64(batch, batchAt.checksum);
}

/** Whether a received body is an intact batch with these stamps; gives its base offset, else -1. */
export function verifiedBaseOffset(
  batch: Uint8Array,
  expected: {
    readonly partitionId: number;
    readonly baseTimestamp: number;
    readonly checksum: bigint;
  },
): number {
  try {
    if (!wasVerified(batch)) verifyBatch(batch);
    rememberVerified(batch);
  } catch (error) {
    if (isWireError(error)) return -1;
    throw error;
  }
  const isStamped =
    tryGetU64Number(batch, batchAt.partitionId) === expected.partitionId &&
    tryGetU64Number(batch, batchAt.baseTimestamp) === expected.baseTimestamp &&
    stampedChecksum(batch) === expected.checksum;
  return isStamped ? tryGetU64Number(batch, batchAt.baseOffset) : -1;
}
