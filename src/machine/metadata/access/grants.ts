import type { Permissions } from '../../../wire/index.js';

/** Global rights as bits. @source Iggy binary protocol, Permissions */
export const globalRight = {
  manage_servers: 1,
  read_servers: 2,
  manage_users: 4,
  read_users: 8,
  manage_streams: 16,
  read_streams: 32,
  manage_topics: 64,
  read_topics: 128,
  poll_messages: 256,
  send_messages: 512,
} as const;

/** Rights on one stream as bits. */
export const streamRight = {
  manage_stream: 1,
  read_stream: 2,
  manage_topics: 4,
  read_topics: 8,
  poll_messages: 16,
  send_messages: 32,
} as const;

/** Rights on one topic as bits. */
export const topicRight = {
  manage_topic: 1,
  read_topic: 2,
  poll_messages: 4,
  send_messages: 8,
} as const;

/** What is granted for one stream. */
interface StreamGrant {
  readonly rights: number;
  /** Rights by topic id, ascending; absent when none were given. */
  readonly topics: ReadonlyMap<number, number> | undefined;
}

/** What a user may do, in the form rules are tested against. Lists of the wire are normalised. */
export interface Grants {
  readonly global: number;
  /** By stream id, ascending; absent when none were given. */
  readonly streams: ReadonlyMap<number, StreamGrant> | undefined;
}

/** Every right there is. */
export const allGrants: Grants = { global: 0x3ff, streams: undefined };

const globalNames = Object.keys(globalRight) as (keyof typeof globalRight)[];
const streamNames = Object.keys(streamRight) as (keyof typeof streamRight)[];
const topicNames = Object.keys(topicRight) as (keyof typeof topicRight)[];

/** Of several entries for one id the last one counts; an empty list counts as absent. */
export function grantsOf(permissions: Permissions): Grants {
  return {
    global: bitsOf(permissions.global, globalNames, globalRight),
    streams: byId(permissions.streams, (stream) => [
      stream.stream_id,
      {
        rights: bitsOf(stream.permissions, streamNames, streamRight),
        topics: byId(stream.topics, (topic) => [
          topic.topic_id,
          bitsOf(topic.permissions, topicNames, topicRight),
        ]),
      },
    ]),
  };
}

/** The wire form: streams and topics by ascending id. */
export function permissionsOf(grants: Grants): Permissions {
  return {
    global: flagsOf(grants.global, globalNames, globalRight),
    streams: Array.from(grants.streams ?? [], ([stream_id, { rights, topics }]) => ({
      stream_id,
      permissions: flagsOf(rights, streamNames, streamRight),
      topics: Array.from(topics ?? [], ([topic_id, bits]) => ({
        topic_id,
        permissions: flagsOf(bits, topicNames, topicRight),
      })),
    })),
  };
}

function bitsOf<N extends string>(
  flags: Readonly<Record<N, boolean>>,
  names: readonly N[],
  values: Readonly<Record<N, number>>,
): number {
  return names.reduce((bits, name) => (flags[name] ? bits | values[name] : bits), 0);
}

function flagsOf<N extends string>(
  bits: number,
  names: readonly N[],
  values: Readonly<Record<N, number>>,
): Readonly<Record<N, boolean>> {
  const entries = names.map((name) => [name, (bits & values[name]) !== 0] as const);
  return Object.fromEntries(entries) as Readonly<Record<N, boolean>>;
}

function byId<T, V>(
  items: readonly T[],
  entry: (item: T) => readonly [number, V],
): ReadonlyMap<number, V> | undefined {
  if (items.length === 0) return undefined;
  const last = new Map(items.map(entry));
  return new Map([...last].sort(([a], [b]) => a - b));
}
