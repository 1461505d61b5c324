import { headerSize, pollHeaderSize, writePollHeader } from '../../wire/index.js';
import { decryptedBatch } from './message-cipher.js';
import { partitionLimits } from './partition-config.js';
import type { PartitionState } from './partition-state.js';
import type { PollAnswer, PollParts, PollQuery } from './poll-query.js';
import { findTimestamp, readMessages } from './read-messages.js';

const nothing = { chunks: [], count: 0, byteLength: 0, lastOffset: -1 } as const;

/**
 * The messages a poll is served with: in offset order, committed ones only, an empty result when
 * there is nothing at or behind the start. Reads of damaged data give what is before it.
 */
export function pollParts(state: PartitionState, query: PollQuery): PollParts {
  const { currentOffset } = state;
  if (!state.hasHeldData || query.count === 0) return { currentOffset, ...nothing };
  const fromOffset = startOffset(state, query);
  if (fromOffset < 0 || fromOffset > currentOffset) return { currentOffset, ...nothing };
  const { cipher } = state.config;
  const read = readMessages(state.log, {
    fromOffset,
    count: query.count,
    maxBytes: partitionLimits.pollBytes,
    ...(cipher !== undefined && { open: (batch) => decryptedBatch(batch, cipher) }),
  });
  const { chunks, count, byteLength, lastOffset } = read;
  if (read.unreadable !== undefined) tellUnreadable(state, read.unreadable);
  if (count > 0) served(state, query, lastOffset);
  return { currentOffset, chunks, count, byteLength, lastOffset };
}

/** A poll with its reply body in one piece, behind room for the header of the reply. */
export function poll(state: PartitionState, query: PollQuery): PollAnswer {
  const { currentOffset, chunks, count, byteLength, lastOffset } = pollParts(state, query);
  const body = new Uint8Array(headerSize + pollHeaderSize + byteLength).subarray(headerSize);
  const partitionId = state.config.address.partition;
  writePollHeader(body, 0, { partitionId, currentOffset, count });
  let at = pollHeaderSize;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return query.autoCommit && count > 0
    ? { body, hasRoom: true, autoCommitOffset: lastOffset }
    : { body, hasRoom: true };
}

/** Once for each place where reads get stuck. */
function tellUnreadable(state: PartitionState, offset: number): void {
  if (state.unreadable === offset) return;
  state.unreadable = offset;
  state.effects.tell({ kind: 'unreadable', offset });
}

/** Offset to start at, -1 when no message qualifies. */
function startOffset(state: PartitionState, query: PollQuery): number {
  const { strategy, value } = query.start;
  switch (strategy) {
    case 'offset':
      return clip(value);
    case 'timestamp':
      return findTimestamp(state.log, clip(value));
    case 'first':
      return 0;
    case 'last':
      return Math.max(0, state.currentOffset - (query.count - 1));
    case 'next':
      return state.offsets.get(query.consumerKind, query.consumer) + 1;
  }
}

/** Remembers what was served, and stores it when the poll says so, on this node at once. */
function served(state: PartitionState, query: PollQuery, lastOffset: number): void {
  const { consumerKind, consumer } = query;
  if (consumerKind === 'group') {
    const before = state.lastPolled.get(consumer) ?? -1;
    if (lastOffset > before) state.lastPolled.set(consumer, lastOffset);
  }
  if (query.autoCommit) state.offsets.advanceLocally(consumerKind, consumer, lastOffset);
}

/** Nothing is stored above 2^53-1, so larger values may as well be that. */
function clip(value: bigint): number {
  const max = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(value > max ? max : value);
}
