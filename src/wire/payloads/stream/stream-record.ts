import { field, name, type StructValue, struct, u32, u64 } from '../../schema/index.js';
import { prefixedOptions } from '../primitives/index.js';

export const streamRecordShape = () =>
  ({
    id: field(u32, 'Stream id; ids of deleted streams are given again.'),
    created_at: field(u64, 'Creation time, microseconds since 1970.'),
    topics_count: field(u32, 'Number of topics.'),
    size_bytes: field(u64, 'Bytes in all topics.'),
    messages_count: field(u64, 'Messages in all topics.'),
    name: field(name, 'Stream name.'),
    options: field(prefixedOptions, 'Options that were set explicitly.'),
  }) as const;

/** A stream without its topics. */
export interface StreamRecord extends StructValue<typeof streamRecordShape> {}
export const streamRecord = struct('StreamRecord', streamRecordShape);
