import type { Batch, BatchMessage } from '../../wire/index.js';

/** A message with what its batch says of it. */
interface PlacedMessage extends BatchMessage {
  /** Offset in the partition; only where a server stamped the batch. */
  readonly offset?: bigint;
  /** Server time, microseconds; only where a server stamped the batch. */
  readonly timestamp?: bigint;
  /** Producer time, microseconds. */
  readonly origin_timestamp: bigint;
}

/**
 * The body with offset and times in every message of its batches: on the wire a message has only
 * its distance from what the header of its batch says.
 */
export function withMessageFacts(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  if (isBatch(body)) return placed(body);
  if ('batch' in body && isBatch(body.batch)) return { ...body, batch: placed(body.batch) };
  if (!('batches' in body) || !Array.isArray(body.batches)) return body;
  const batches = body.batches.map((each: unknown) => (isBatch(each) ? placed(each) : each));
  return { ...body, batches };
}

function isBatch(value: unknown): value is Batch {
  return (
    typeof value === 'object' && value !== null && 'base_offset' in value && 'messages' in value
  );
}

function placed(batch: Batch): Batch {
  const isStamped = batch.base_timestamp !== 0n;
  const messages = batch.messages.map((message): PlacedMessage => {
    const { checksum, id, ...rest } = message;
    const stamps = isStamped
      ? {
          offset: batch.base_offset + BigInt(message.offset_delta),
          timestamp: batch.base_timestamp,
        }
      : {};
    const origin = batch.origin_timestamp + BigInt(message.timestamp_delta);
    return { checksum, id, ...stamps, origin_timestamp: origin, ...rest };
  });
  return { ...batch, messages };
}
