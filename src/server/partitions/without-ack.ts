import { commands, Operation } from '../../wire/index.js';
import { decodeBody } from '../core/decode-body.js';

/** Ack level of an offset operation that one replica applies and answers. */
const noAck = 0;

/** Whether a partition operation asks not to be replicated. */
export function isWithoutAck(operation: number, body: Uint8Array): boolean {
  switch (operation) {
    case Operation.StoreConsumerOffset:
      return decodeBody(commands.store_consumer_offset, body)?.ack === noAck;
    case Operation.DeleteConsumerOffset:
      return decodeBody(commands.delete_consumer_offset, body)?.ack === noAck;
    default:
      return false;
  }
}
