import { codec, decode, encode, type StructValue } from '../../wire/index.js';
import type { PartitionState } from './partition-state.js';

const { array, constant, field, struct, u8, u32, u64 } = codec;

const entry = struct(
  'OffsetEntry',
  {
    kind: field(u8, '1 consumer, 2 group.'),
    key: field(u32, 'Key of the consumer or id of the group.'),
    offset: field(u64, 'Stored offset.'),
  },
  13,
);

const shape = {
  magic: field(constant(u32, 0x314f_4749), 'ASCII IGO1.'),
  next_offset: field(u64, 'Offset of the next message.'),
  purge_generation: field(u64, 'Last purge the log has gone through.'),
  entries: field(array(u32, entry), 'Consumers before groups, by ascending key.'),
} as const;

/**
 * What a state transfer carries of a partition besides its segments. Only our own replicas exchange
 * it.
 */
export interface OffsetsArtifact extends StructValue<typeof shape> {}
const offsetsArtifact = struct('OffsetsArtifact', shape);

/** The replicated state of a partition besides its messages. */
export function encodeOffsetsArtifact(state: PartitionState): Uint8Array {
  const { log, offsets, appliedGeneration } = state;
  return encode(offsetsArtifact, {
    next_offset: BigInt(log.nextOffset),
    purge_generation: BigInt(appliedGeneration),
    entries: Array.from(offsets.committed(), ({ kind, key, offset }) => ({
      kind: kind === 'consumer' ? 1 : 2,
      key,
      offset: BigInt(offset),
    })),
  });
}

/** @throws WireError */
export function decodeOffsetsArtifact(bytes: Uint8Array): OffsetsArtifact {
  return decode(offsetsArtifact, bytes);
}
