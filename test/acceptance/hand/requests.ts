// Request bodies by hand, in the field order of the protocol.
import { hash64, ident, text8, u8, u32, u64 } from './bytes.js';

export { ident };
export type Id = number | string;
const cat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

/** Operations of replicated requests. */
export const op = {
  createStream: 128,
  updateStream: 129,
  deleteStream: 130,
  purgeStream: 131,
  createTopic: 132,
  updateTopic: 133,
  deleteTopic: 134,
  purgeTopic: 135,
  createPartitions: 136,
  deletePartitions: 137,
  deleteSegments: 138,
  createGroup: 139,
  deleteGroup: 140,
  createUser: 141,
  updateUser: 142,
  deleteUser: 143,
  changePassword: 144,
  updatePermissions: 145,
  createToken: 146,
  deleteToken: 147,
  joinGroup: 148,
  leaveGroup: 149,
  send: 160,
  storeOffset: 161,
  deleteOffset: 162,
} as const;

/** Command codes of reads. */
export const code = {
  ping: 1,
  stats: 10,
  snapshot: 11,
  cluster: 12,
  options: 13,
  me: 20,
  client: 21,
  clients: 22,
  user: 31,
  users: 32,
  tokens: 41,
  poll: 100,
  flush: 102,
  offset: 120,
  stream: 200,
  streams: 201,
  topic: 300,
  topics: 301,
  group: 600,
  groups: 601,
  sync: 606,
} as const;

/** One option: key, kind and bytes of its value. */
export const option = (key: string, kind: number, value: Uint8Array): Buffer =>
  cat(u8(2), u32(key.length), Buffer.from(key), u8(kind), u32(value.length), value);
export const optionText = (key: string, value: string): Buffer =>
  option(key, 2, Buffer.from(value));
export const optionU64 = (key: string, value: number | bigint): Buffer =>
  option(key, 12, u64(value));
export const optionU32 = (key: string, value: number): Buffer => option(key, 11, u32(value));
export const optionBool = (key: string, value: boolean): Buffer =>
  option(key, 3, u8(value ? 1 : 0));

export const streamBody = (name: string, ...options: Buffer[]): Buffer =>
  cat(text8(name), ...options);
export const updateStreamBody = (stream: Id, name: string, ...options: Buffer[]): Buffer =>
  cat(ident(stream), text8(name), ...options);

export const topicBody = (stream: Id, name: string, partitions = 1, ...options: Buffer[]): Buffer =>
  cat(ident(stream), u32(partitions), text8(name), ...options);
export const updateTopicBody = (
  stream: Id,
  topic: Id,
  name: string,
  ...options: Buffer[]
): Buffer => cat(ident(stream), ident(topic), text8(name), ...options);
export const place = (...ids: Id[]): Buffer => cat(...ids.map(ident));
export const partitionsBody = (stream: Id, topic: Id, count: number): Buffer =>
  cat(place(stream, topic), u32(count));
export const segmentsBody = (stream: Id, topic: Id, partition: number, count: number): Buffer =>
  cat(place(stream, topic), u32(partition), u32(count));
export const groupBody = (stream: Id, topic: Id, name: string): Buffer =>
  cat(place(stream, topic), text8(name));

/** Names of the rights in wire order. */
export const globalRights = [
  'manage_servers',
  'read_servers',
  'manage_users',
  'read_users',
  'manage_streams',
  'read_streams',
  'manage_topics',
  'read_topics',
  'poll_messages',
  'send_messages',
] as const;
export const streamRights = [
  'manage_stream',
  'read_stream',
  'manage_topics',
  'read_topics',
  'poll_messages',
  'send_messages',
] as const;
export const topicRights = [
  'manage_topic',
  'read_topic',
  'poll_messages',
  'send_messages',
] as const;

export interface Grants {
  readonly global?: readonly (typeof globalRights)[number][];
  readonly streams?: readonly {
    readonly id: number;
    readonly rights?: readonly (typeof streamRights)[number][];
    readonly topics?: readonly {
      readonly id: number;
      readonly rights?: readonly (typeof topicRights)[number][];
    }[];
  }[];
}

const flags = (names: readonly string[], set: readonly string[] = []): Buffer =>
  Buffer.from(names.map((name) => (set.includes(name) ? 1 : 0)));

/** Permissions as they stand in requests and replies. */
export function permissions({ global, streams = [] }: Grants): Buffer {
  const parts: Buffer[] = [flags(globalRights, global), u8(streams.length > 0 ? 1 : 0)];
  streams.forEach((stream, at) => {
    const topics = stream.topics ?? [];
    parts.push(u32(stream.id), flags(streamRights, stream.rights), u8(topics.length > 0 ? 1 : 0));
    topics.forEach((topic, of) => {
      parts.push(u32(topic.id), flags(topicRights, topic.rights));
      parts.push(u8(of + 1 < topics.length ? 1 : 0));
    });
    parts.push(u8(at + 1 < streams.length ? 1 : 0));
  });
  return cat(...parts);
}

const optionalPermissions = (grants: Grants | undefined): Buffer => {
  if (grants === undefined) return u8(0);
  const bytes = permissions(grants);
  return cat(u8(1), u32(bytes.length), bytes);
};

export const userBody = (name: string, password: string, status = 1, grants?: Grants): Buffer =>
  cat(text8(name), text8(password), u8(status), optionalPermissions(grants));
export const updateUserBody = (user: Id, change: { name?: string; status?: number }): Buffer =>
  cat(
    ident(user),
    change.name === undefined ? u8(0) : cat(u8(1), text8(change.name)),
    change.status === undefined ? u8(0) : Buffer.from([1, change.status]),
  );
export const permissionsBody = (user: Id, grants?: Grants): Buffer =>
  cat(ident(user), optionalPermissions(grants));
export const passwordBody = (user: Id, current: string, next: string): Buffer =>
  cat(ident(user), text8(current), text8(next));
export const tokenBody = (name: string, expiry: bigint | number = 0): Buffer =>
  cat(text8(name), u64(expiry));

/** Who reads: a number or name is a single consumer, `{ group }` a group. */
export type Reads = Id | { readonly group: Id };
const consumer = (reads: Reads): Buffer =>
  typeof reads === 'object' ? cat(u8(2), ident(reads.group)) : cat(u8(1), ident(reads));
const optionalPartition = (partition: number | undefined): Buffer =>
  cat(u8(partition === undefined ? 0 : 1), u32(partition ?? 0));

export interface Spot {
  readonly reads: Reads;
  readonly stream: Id;
  readonly topic: Id;
  readonly partition?: number | undefined;
}

const spotBody = ({ reads, stream, topic, partition }: Spot): Buffer =>
  cat(consumer(reads), place(stream, topic), optionalPartition(partition));

const strategies = { offset: 1, timestamp: 2, first: 3, last: 4, next: 5 } as const;
export interface PollFields extends Spot {
  readonly by?: keyof typeof strategies;
  readonly value?: bigint | number;
  readonly count?: number;
  readonly commit?: boolean;
}
export const pollBody = (fields: PollFields): Buffer =>
  cat(
    spotBody(fields),
    u8(strategies[fields.by ?? 'offset']),
    u64(fields.value ?? 0),
    u32(fields.count ?? 100),
    u8(fields.commit === true ? 1 : 0),
  );
export const offsetBody = (spot: Spot): Buffer => spotBody(spot);
export const storeBody = (spot: Spot, offset: number, ack = 1): Buffer =>
  cat(spotBody(spot), u64(offset), u8(ack));
export const dropOffsetBody = (spot: Spot, ack = 1): Buffer => cat(spotBody(spot), u8(ack));

/** Where to: a partition, a key, or `'balanced'`. */
export type Target = number | { readonly key: string } | 'balanced';
const partitioning = (target: Target): Buffer => {
  if (target === 'balanced') return Buffer.from([1, 0]);
  if (typeof target === 'number') return cat(Buffer.from([2, 4]), u32(target));
  return cat(u8(3), text8(target.key));
};

/** What is wrong with a batch on purpose. */
export type Flaw = 'frame' | 'batch' | 'count' | 'trailing' | 'tiling' | 'reserved';

/** A frame of a batch: 48 bytes of header, then the payload. */
function messageFrame(payload: string, index: number, id: bigint): Buffer {
  const bytes = Buffer.from(payload);
  const frame = Buffer.alloc(48 + bytes.length);
  frame.writeBigUInt64LE(id, 8);
  frame.writeUInt32LE(index, 24);
  frame.writeUInt32LE(bytes.length, 36);
  bytes.copy(frame, 48);
  frame.writeBigUInt64LE(hash64(frame.subarray(8)));
  return frame;
}

/** Checksum of a batch from its header and the checksums of its frames. */
export function batchChecksum(header: Buffer, frames: readonly Buffer[]): bigint {
  const sums = frames.map((frame) => frame.subarray(0, 8));
  return hash64(cat(header.subarray(0, 40), header.subarray(48, 52), ...sums));
}

function batchOf(payloads: readonly string[], origin = 0n, flaw?: Flaw): Buffer {
  const frames = payloads.map((payload, i) => messageFrame(payload, i, BigInt(i + 1)));
  const header = Buffer.alloc(256);
  header.writeBigUInt64LE(origin, 24);
  header.writeBigUInt64LE(BigInt(256 + frames.reduce((sum, frame) => sum + frame.length, 0)), 32);
  header.writeUInt32LE(payloads.length, 48);
  if (flaw === 'count') header.writeUInt32LE(0, 48);
  if (flaw === 'reserved') header[100] = 1;
  header.writeBigUInt64LE(batchChecksum(header, frames), 40);
  if (flaw === 'batch') header[40] = (header[40] ?? 0) ^ 1;
  const first = frames[0];
  if (flaw === 'frame' && first !== undefined) first[48] = (first[48] ?? 0) ^ 1;
  if (flaw === 'tiling') first?.writeUInt32LE(1000, 36);
  return cat(header, ...frames, flaw === 'trailing' ? Buffer.alloc(3) : Buffer.alloc(0));
}

export function sendBody(
  stream: Id,
  topic: Id,
  target: Target,
  payloads: readonly string[],
  extra: { readonly origin?: bigint; readonly flaw?: Flaw } = {},
): Buffer {
  const count = extra.flaw === 'count' ? 0 : payloads.length;
  const meta = cat(place(stream, topic), partitioning(target), u32(count));
  return cat(u32(meta.length), meta, batchOf(payloads, extra.origin, extra.flaw));
}
