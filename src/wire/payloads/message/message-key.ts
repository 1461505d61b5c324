import { encodeUtf8 } from '../../../base/index.js';
import { xxh32 } from '../../checksum/index.js';
import type { Identifier } from '../primitives/index.js';

/**
 * Index, in the topic's list of partitions, that messages with this key go to.
 * @source Iggy binary protocol, Partitioning
 */
export function partitionIndexOfKey(key: Uint8Array, partitionsCount: number): number {
  return xxh32(key) % partitionsCount;
}

/**
 * The number a single consumer's offset is stored under. A name and a number can mean the same.
 * @source Iggy binary protocol, Consumer
 */
export function consumerKey(id: Identifier): number {
  return typeof id === 'number' ? id : xxh32(encodeUtf8(id));
}
