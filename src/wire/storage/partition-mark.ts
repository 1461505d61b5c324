import { getU32, setU32, setU64Number, tryGetU64Number } from '../../base/index.js';
import { matchesXxh3, writeXxh3 } from '../checksum/index.js';
import { array, field, type StructValue, struct, u32, u64 } from '../schema/index.js';

const shape = {
  generation: field(u64, 'Last purge that was carried out here.'),
  created_revision: field(u64, 'Incarnation of the partition it belongs to.'),
} as const;

/** The official `purge.gen` as it is shown. */
export interface PurgeGenerationRecord extends StructValue<typeof shape> {}
export const purgeGenerationFile = struct('PurgeGeneration', shape, 16);

const jump = struct(
  'OffsetJump',
  {
    from: field(u64, 'Offset that was next before the jump.'),
    to: field(u64, 'First offset behind it.'),
  },
  16,
);

const markShape = {
  ...shape,
  log_start: field(u64, 'Offsets below are lawfully gone, by retention or a purge.'),
  log_end: field(u64, 'From log_start up to here everything is in synced segments.'),
  sequence: field(u64, 'Counts the times the mark was written; notes of log_end name it.'),
  jumps: field(array(u32, jump), 'Offsets the log passes over, ascending.'),
  checksum: field(u64, 'XXH3-64 of everything before.'),
} as const;

/** `purge.gen` as we write it, field by field. Its checksum is not looked at. */
export interface PartitionMarkRecord extends StructValue<typeof markShape> {}
export const partitionMarkFile = struct('PartitionMark', markShape);

const startAt = 16;
const endAt = 24;
const sequenceAt = 32;
const countAt = 40;
const jumpsAt = 44;
const jumpBytes = 16;
const sumBytes = 8;

/** Which offsets the segments of a partition have to hold. */
export interface LogExtent {
  /** Offsets below are lawfully gone. */
  readonly start: number;
  /** From `start` up to here everything is in synced segments. */
  readonly end: number;
  /** Offsets that were passed over and never given, ascending. */
  readonly jumps: readonly OffsetJump[];
}

export interface OffsetJump {
  /** Offset that was next before the jump. */
  readonly from: number;
  /** First offset behind it. */
  readonly to: number;
}

/** What stands in `purge.gen`. */
export interface PartitionMark {
  readonly generation: number;
  readonly createdRevision: number;
  /** Absent in the files of official servers. */
  readonly extent?: LogExtent;
  /** Counts the marks of this incarnation that have an extent; 0 when absent. */
  readonly sequence?: number;
}

/** Without an extent it is the official 16 bytes. */
export function encodePartitionMark(mark: PartitionMark): Uint8Array {
  const { generation, createdRevision, extent, sequence = 0 } = mark;
  const { jumps = [] } = extent ?? {};
  const size = extent === undefined ? startAt : jumpsAt + jumps.length * jumpBytes + sumBytes;
  const bytes = new Uint8Array(size);
  setU64Number(bytes, 0, generation);
  setU64Number(bytes, 8, createdRevision);
  if (extent === undefined) return bytes;
  setU64Number(bytes, startAt, extent.start);
  setU64Number(bytes, endAt, extent.end);
  setU64Number(bytes, sequenceAt, sequence);
  setU32(bytes, countAt, jumps.length);
  for (const [i, { from, to }] of jumps.entries()) {
    setU64Number(bytes, jumpsAt + i * jumpBytes, from);
    setU64Number(bytes, jumpsAt + i * jumpBytes + 8, to);
  }
  writeXxh3(bytes, size - sumBytes, bytes, 0, size - sumBytes);
  return bytes;
}

/**
 * Reads a whole `purge.gen`: `absent` when there is none or it is short, `damaged` when it is longer
 * than the official one and is not what its checksum says. Never throws.
 */
export function decodePartitionMark(
  bytes: Uint8Array | undefined,
): PartitionMark | 'absent' | 'damaged' {
  if (bytes === undefined || bytes.length < startAt) return 'absent';
  const generation = tryGetU64Number(bytes, 0);
  const createdRevision = tryGetU64Number(bytes, 8);
  if (bytes.length === startAt) {
    return createdRevision < 0
      ? 'absent'
      : { generation: Math.max(0, generation), createdRevision };
  }
  const extent = extentIn(bytes);
  if (generation < 0 || createdRevision < 0 || extent === undefined) return 'damaged';
  const sequence = tryGetU64Number(bytes, sequenceAt);
  if (sequence < 0) return 'damaged';
  return { generation, createdRevision, extent, ...(sequence > 0 && { sequence }) };
}

function extentIn(bytes: Uint8Array): LogExtent | undefined {
  const size = bytes.length;
  if (size < jumpsAt + sumBytes) return undefined;
  const count = getU32(bytes, countAt);
  if (size !== jumpsAt + count * jumpBytes + sumBytes) return undefined;
  if (!matchesXxh3(bytes, size - sumBytes, bytes, 0, size - sumBytes)) return undefined;
  const jumps = Array.from({ length: count }, (_, i) => ({
    from: tryGetU64Number(bytes, jumpsAt + i * jumpBytes),
    to: tryGetU64Number(bytes, jumpsAt + i * jumpBytes + 8),
  }));
  const [start, end] = [tryGetU64Number(bytes, startAt), tryGetU64Number(bytes, endAt)];
  const areSane =
    start >= 0 && end >= start && jumps.every(({ from, to }) => from >= 0 && to > from);
  return areSane ? { start, end, jumps } : undefined;
}
