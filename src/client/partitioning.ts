import { encodeUtf8 } from '../base/index.js';
import type { ProducerRoutes } from '../session/index.js';
import type { Partitioning as WirePartitioning } from '../wire/index.js';
import { InvalidArgumentError } from './errors.js';

/** How the partition of messages is chosen: in turn, by number, or by what a key hashes to. */
export type Partitioning =
  | 'balanced'
  | { readonly partition: number }
  | { readonly key: string | Uint8Array };

const keySizeMax = 255;

/** Bytes of a key. @throws INVALID_ARGUMENT unless it has 1..255 bytes */
export function keyBytes(key: string | Uint8Array): Uint8Array {
  const bytes = typeof key === 'string' ? encodeUtf8(key) : key;
  if (bytes.length >= 1 && bytes.length <= keySizeMax) return bytes;
  const message = `a message key has 1 to ${keySizeMax} bytes, not ${bytes.length}`;
  throw new InvalidArgumentError('INVALID_ARGUMENT', message, { size: bytes.length });
}

/**
 * The partition for the next batch. Topics that are not known, or have no partitions, are left to the
 * server, which says what is missing.
 */
export function routeOf(
  routes: ProducerRoutes,
  topic: string,
  partitioning: Partitioning,
): WirePartitioning {
  if (partitioning === 'balanced') return named(routes.balanced(topic)) ?? { kind: 1 };
  if ('partition' in partitioning) return { kind: 2, value: partitioning.partition };
  const value = keyBytes(partitioning.key);
  return named(routes.ofKey(topic, value)) ?? { kind: 3, value };
}

function named(partition: number | undefined): WirePartitioning | undefined {
  return partition === undefined ? undefined : { kind: 2, value: partition };
}
