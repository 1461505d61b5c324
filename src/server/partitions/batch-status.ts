import { isWireError, readSendMessages, verifySendMessages } from '../../wire/index.js';
import { statusCode } from '../core/status-codes.js';

/** 0, or the status that a send request with a broken batch is refused with. */
export function batchStatus(body: Uint8Array): number {
  try {
    verifySendMessages(readSendMessages(body));
    return 0;
  } catch (error) {
    if (!isWireError(error)) throw error;
    if (error.code === 'WIRE_CHECKSUM_MESSAGE') return statusCode.invalidMessageChecksum;
    if (error.code === 'WIRE_CHECKSUM_BATCH') return statusCode.invalidBatchChecksum;
    return statusCode.invalidCommand;
  }
}
