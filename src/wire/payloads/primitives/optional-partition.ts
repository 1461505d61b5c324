import { type Codec, field, flag8, mapped, struct, u32 } from '../../schema/index.js';

const fields = struct(
  'OptionalPartition',
  () => ({
    present: field(flag8, '1 = a partition is named, anything else = none.'),
    id: field(u32, 'Partition id; these four bytes are there in any case.'),
  }),
  5,
);

/** A presence byte and always a u32: a partition id, or `null`. */
export const optionalPartition: Codec<number | null> = mapped(
  'PartitionId?',
  fields,
  ({ present, id }) => (present ? id : null),
  (id) => ({ present: id !== null, id: id ?? 0 }),
);
