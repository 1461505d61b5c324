import { encodeUtf8 } from '../../base/index.js';
import { type Consumer, commands, consumerKind, Operation, xxh32 } from '../../wire/index.js';
import { code } from '../codes.js';
import { decodeRequest } from '../requests.js';
import type { ConsumerKind } from './poll-query.js';

/** A store or delete of an offset, with the consumer in the form it is stored under. */
export interface OffsetRequest {
  readonly kind: ConsumerKind;
  readonly key: number;
  /** The offset to store; absent in a deletion. */
  readonly offset?: bigint;
}

/** The request in a body, or a status: groups must be named by their numeric id here. */
export function readOffsetRequest(operation: number, body: Uint8Array): OffsetRequest | number {
  if (operation === Operation.StoreConsumerOffset) {
    const request = decodeRequest(commands.store_consumer_offset, body);
    if (request === undefined) return code.invalidCommand;
    const target = offsetKeyFor(request.consumer);
    return target === undefined ? code.invalidCommand : { ...target, offset: request.offset };
  }
  const request = decodeRequest(commands.delete_consumer_offset, body);
  if (request === undefined) return code.invalidCommand;
  return offsetKeyFor(request.consumer) ?? code.invalidCommand;
}

/**
 * Where the offset of a consumer is kept: under its number, or under the hash of its name; a
 * group's name says nothing here.
 * @source Iggy server, consumer offsets
 */
function offsetKeyFor(
  consumer: Consumer,
): { readonly kind: ConsumerKind; readonly key: number } | undefined {
  const { kind, id } = consumer;
  if (kind === consumerKind.table.consumer) {
    const key = typeof id === 'number' ? id : xxh32(encodeUtf8(id));
    return { kind: 'consumer', key };
  }
  return typeof id === 'number' ? { kind: 'group', key: id } : undefined;
}
