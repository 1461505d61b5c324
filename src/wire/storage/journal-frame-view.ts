import { constant, field, type StructValue, struct, u16, u32, u64 } from '../schema/index.js';
import { batchFrameBytes, batchMagic } from './journal-batch.js';

const shape = {
  magic: field(constant(u32, batchMagic), 'Marks a batch: `IGB1`.'),
  kind: field(u16, '1 = log entries, 2 = the bare header of the last drained op.'),
  entries: field(u16, 'Number of entries.'),
  number: field(u64, '1 for the first batch of the file, then plus one each.'),
  length: field(u64, 'Bytes that follow the frame.'),
  checksum: field(u64, "XXH3-64 of the frame's place in the file, the frame and what follows."),
} as const;

/** The frame of a journal batch, field by field. */
export interface JournalFrameView extends StructValue<typeof shape> {}

/** What stands in front of every batch of our journals. Its checksum is not looked at. */
export const journalFrame = struct('JournalFrame', shape, batchFrameBytes);
