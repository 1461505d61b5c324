import { type PollingStrategy, pollingKind } from '../wire/index.js';

/**
 * Where a poll starts: after the stored offset, at the first or among the last messages, at an
 * offset, or at a time of the server in microseconds.
 */
export type PollStart =
  | 'next'
  | 'first'
  | 'last'
  | { readonly offset: bigint | number }
  | { readonly timestampMicros: bigint | number };

/** The form of the wire. */
export function toStrategy(start: PollStart): PollingStrategy {
  if (typeof start === 'string') return { kind: pollingKind.table[start], value: 0n };
  if ('offset' in start) return { kind: pollingKind.table.offset, value: BigInt(start.offset) };
  return { kind: pollingKind.table.timestamp, value: BigInt(start.timestampMicros) };
}
