import type { Prng } from '../../../src/base/index.js';
import type { RequestOf } from '../../../src/wire/index.js';
import { globally, type MetadataHarness, onStream, onTopic } from './metadata-harness.js';

const names = ['a', 'b', 'c', 'd', 'e'];

/** Sends random requests of every kind, many of which are refused one way or another. */
export function runWorkload(metadata: MetadataHarness, prng: Prng, steps: number): void {
  for (let step = 0; step < steps; step++) {
    const action = prng.pick(actions);
    action(metadata, prng);
  }
}

type Action = (metadata: MetadataHarness, prng: Prng) => unknown;

function id(prng: Prng): number | string {
  return prng.chance(0.5) ? prng.below(4) : prng.pick(names);
}

function topicRef(prng: Prng) {
  return { stream_id: id(prng), topic_id: id(prng) };
}

function groupRef(prng: Prng) {
  return { ...topicRef(prng), group_id: id(prng) };
}

function sender(prng: Prng) {
  return { user: prng.chance(0.7) ? 0 : prng.below(6), client: client(prng) };
}

function client(prng: Prng): bigint {
  return BigInt(1 + prng.below(6));
}

function options(prng: Prng): RequestOf<'create_topic'>['options'] {
  const all = [
    { key: 'message_expiry', kind: 12, value: BigInt(prng.below(3) * 1_000_000) },
    { key: 'compression_algorithm', kind: 2, value: prng.pick(['none', 'gzip', 'zip']) },
    { key: 'max_topic_size', kind: 12, value: BigInt(prng.below(3)) << 30n },
  ];
  return all.filter(() => prng.chance(0.3));
}

function permissions(prng: Prng) {
  return prng.pick([
    null,
    globally('manage_topics'),
    globally('manage_users', 'read_streams'),
    onStream(prng.below(3), ['read_stream', 'manage_topics']),
    onTopic(prng.below(3), prng.below(3), 'read_topic'),
  ]);
}

function inFlight(prng: Prng): number[] {
  return [0, 1, 2, 3].filter(() => prng.chance(0.4));
}

const actions: readonly Action[] = [
  (m, p) => m.createStream(p.pick(names), sender(p)),
  (m, p) => m.createStream(p.pick(names), sender(p)),
  (m, p) => m.send('update_stream', { stream_id: id(p), name: p.pick(names), options: [] }),
  (m, p) => p.chance(0.3) && m.send('delete_stream', { stream_id: id(p) }, sender(p)),
  (m, p) => m.send('purge_stream', { stream_id: id(p) }, sender(p)),
  (m, p) => m.createTopic(id(p), p.pick(names), p.below(5), options(p), sender(p)),
  (m, p) => m.createTopic(id(p), p.pick(names), p.below(5), options(p), sender(p)),
  (m, p) => {
    const request = { ...topicRef(p), name: p.pick(names), options: options(p) };
    return m.send('update_topic', request, sender(p));
  },
  (m, p) => p.chance(0.3) && m.send('delete_topic', topicRef(p), sender(p)),
  (m, p) => m.send('purge_topic', topicRef(p), sender(p)),
  (m, p) => m.send('create_partitions', { ...topicRef(p), partitions_count: 1 + p.below(3) }),
  (m, p) => m.send('delete_partitions', { ...topicRef(p), partitions_count: 1 + p.below(3) }),
  (m, p) =>
    m.replicated(68, {
      ...topicRef(p),
      partition_id: p.below(4),
      up_to_offset: BigInt(p.below(9)),
    }),
  (m, p) => m.createUser(`user-${p.pick(names)}`, permissions(p), sender(p)),
  (m, p) => {
    const username = p.chance(0.5) ? `user-${p.pick(names)}` : null;
    const status = p.chance(0.5) ? 1 + p.below(3) : null;
    const request = { user_id: 1 + p.below(6), username, status, options: [] };
    return m.send('update_user', request, sender(p));
  },
  (m, p) => p.chance(0.3) && m.send('delete_user', { user_id: p.below(6) }, sender(p)),
  (m, p) => m.send('update_permissions', { user_id: p.below(6), permissions: permissions(p) }),
  (m, p) => {
    const new_password = p.pick(['', 'hash one', 'hash two']);
    const request = { user_id: p.below(6), current_password: '', new_password };
    return m.send('change_password', request, sender(p));
  },
  (m, p) => {
    const hash = p.below(0xffff).toString(16).padStart(64, '0');
    return m.createToken(p.pick(names), { user: p.below(4), expiry: BigInt(p.below(9_999)), hash });
  },
  (m, p) => m.deleteToken(p.pick(names), { user: p.below(4), onlyIfExpired: p.chance(0.5) }),
  (m, p) => m.createGroup(id(p), id(p), p.pick(names), sender(p)),
  (m, p) => p.chance(0.3) && m.send('delete_consumer_group', groupRef(p), sender(p)),
  (m, p) => m.join(groupRef(p), client(p), inFlight(p), sender(p).user),
  (m, p) => m.join(groupRef(p), client(p), inFlight(p)),
  (m, p) => m.leave(groupRef(p), client(p)),
  (m, p) => {
    const value = {
      ...topicRef(p),
      group_id: BigInt(p.below(4)),
      source_client_id: client(p),
      partition_id: p.below(4),
    };
    return m.replicated(67, value);
  },
  (m, p) => m.replicated(67, firstPending(m, p)),
  (m, p) => m.endSession(client(p)),
];

function firstPending(metadata: MetadataHarness, prng: Prng) {
  const [pending] = [...metadata.machine.pendingRevocations()];
  return {
    stream_id: pending?.stream ?? 0,
    topic_id: pending?.topic ?? 0,
    group_id: BigInt(pending?.group ?? 0),
    source_client_id: pending?.sourceClient ?? client(prng),
    partition_id: pending?.partition ?? 0,
  };
}
