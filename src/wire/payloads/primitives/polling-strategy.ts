import { enumU8, field, type StructValue, struct, u64 } from '../../schema/index.js';

/** Where a poll starts. */
export const pollingKind = enumU8('PollingKind', {
  offset: 1,
  timestamp: 2,
  first: 3,
  last: 4,
  next: 5,
});

const shape = () =>
  ({
    kind: field(pollingKind, 'Where to start.'),
    value: field(u64, 'Offset or timestamp (microseconds); ignored by the other kinds.'),
  }) as const;

/** Start of a poll: an offset, a server timestamp, the first, last or next messages. */
export interface PollingStrategy extends StructValue<typeof shape> {}

/** `{u8 kind, u64 value}`. @source Iggy binary protocol, PollingStrategy */
export const pollingStrategy = struct('PollingStrategy', shape, 9);
