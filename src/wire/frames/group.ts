import { getU32, setU32, setU64 } from '../../base/index.js';
import { xxh3 } from '../checksum/index.js';
import { invalid } from '../errors.js';

/** The consensus group of metadata: streams, topics, users, sessions. */
export const METADATA_GROUP = 1n << 63n;

/** The same as a number, which holds it exactly; partition groups are below 2^52. */
export const METADATA_GROUP_NUMBER = 2 ** 63;

/** Limits, exclusive, of the ids that a group is made of. */
export const groupLimits = { stream: 1_048_576, topic: 4096, partition: 1_000_000 } as const;

/** What a group id names. */
export type Group =
  | { readonly kind: 'metadata' }
  | {
      readonly kind: 'partition';
      readonly stream: number;
      readonly topic: number;
      readonly partition: number;
    };

/**
 * The group of a partition. Ids are the numeric ids of the metadata, counted from 0.
 * @throws WIRE_INVALID when an id is out of range
 */
export function partitionGroup(stream: number, topic: number, partition: number): bigint {
  return BigInt(partitionGroupNumber(stream, topic, partition));
}

/** {@link partitionGroup} as a number, for map keys of hot paths. */
export function partitionGroupNumber(stream: number, topic: number, partition: number): number {
  checkId('stream', stream, groupLimits.stream);
  checkId('topic', topic, groupLimits.topic);
  checkId('partition', partition, groupLimits.partition);
  return stream * 0x1_0000_0000 + topic * 0x10_0000 + partition;
}

/** What `group` names, or nothing when no group has this id. */
export function parseGroup(group: bigint): Group | undefined {
  if (group === METADATA_GROUP) return { kind: 'metadata' };
  const partition = Number(group & 0xf_ffffn);
  const topic = Number((group >> 20n) & 0xfffn);
  const stream = Number((group >> 32n) & 0xf_ffffn);
  if (group >> 52n !== 0n || partition >= groupLimits.partition) return undefined;
  return { kind: 'partition', stream, topic, partition };
}

/** `metadata`, `partition 1/2/3` or `invalid group 0x…`, for people. */
export function groupLabel(group: bigint): string {
  const parsed = parseGroup(group);
  if (parsed === undefined) return `invalid group 0x${group.toString(16)}`;
  if (parsed.kind === 'metadata') return 'metadata';
  return `partition ${parsed.stream}/${parsed.topic}/${parsed.partition}`;
}

/**
 * The u64 at `offset` as a group number: exact for every valid group. Values that are no group,
 * and that a number cannot hold, come out as -1.
 */
export function getGroupNumber(bytes: Uint8Array, offset: number): number {
  const low = getU32(bytes, offset);
  const high = getU32(bytes, offset + 4);
  if (high <= 0x1f_ffff) return high * 0x1_0000_0000 + low;
  return high === 0x8000_0000 && low === 0 ? METADATA_GROUP_NUMBER : -1;
}

/** Writes a group number made by {@link partitionGroupNumber} or the metadata group's. */
export function setGroupNumber(bytes: Uint8Array, offset: number, group: number): void {
  setU32(bytes, offset, group % 0x1_0000_0000);
  setU32(bytes, offset + 4, Math.floor(group / 0x1_0000_0000));
}

/**
 * Extension: the `parent` of the first prepare of a partition's log, which tells apart logs of
 * partitions that had the same id one after the other. The metadata group begins with 0.
 */
export function genesisParent(group: bigint, createdRevision: bigint): bigint {
  const input = new Uint8Array(16);
  setU64(input, 0, group);
  setU64(input, 8, createdRevision);
  return xxh3(input);
}

function checkId(name: string, value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= limit) {
    throw invalid(`${name} id must be in 0..${limit - 1}, got ${value}`, { name, value });
  }
}
