import { getU32 } from '../../../src/base/index.js';
import { type LogEntry, MetadataMachine } from '../../../src/machine/index.js';
import {
  type Codec,
  type CommandKey,
  type CommandSpec,
  commands,
  decode,
  encode,
  Operation,
  type Permissions,
  type RequestOf,
  type ResponseOf,
  replicatedBodyCodec,
  replyPayloadCodec,
} from '../../../src/wire/index.js';

/** How a request ended: before consensus (`S`), as a committed rejection (`R`), or well. */
export type Outcome<T> =
  | { readonly channel: 'S' | 'R' | 'E'; readonly code: number }
  | { readonly channel: 'ok'; readonly value: T; readonly operation: number };

/** Who sends. */
export interface Sender {
  readonly user?: number;
  readonly client?: bigint;
}

const rootHash = '$argon2id$root';

/** A machine with its log: requests are admitted, logged and applied at once. */
export class MetadataHarness {
  readonly machine: MetadataMachine;
  readonly log: LogEntry[] = [];
  readonly replies: Uint8Array[] = [];
  endedUsers: number[] = [];
  now = 1_000_000;

  constructor() {
    this.machine = newMachine();
  }

  /** A client's request in the client's form; bodies with a replicated form are not rewritten. */
  send<K extends CommandKey>(
    key: K,
    request: RequestOf<K>,
    sender: Sender = {},
  ): Outcome<ResponseOf<K>> {
    const spec = commands[key] as unknown as CommandSpec<RequestOf<K>, ResponseOf<K>>;
    return this.sendBody(spec.operation, encode(spec.request, request), sender);
  }

  sendBody<T>(operation: number, body: Uint8Array, sender: Sender = {}): Outcome<T> {
    const status = this.machine.admissionStatus(operation, body);
    if (status !== 0) return { channel: 'S', code: status };
    return this.propose(operation, body, sender);
  }

  /** A request in the form in which it reaches the primary. */
  propose<T>(operation: number, body: Uint8Array, sender: Sender = {}): Outcome<T> {
    this.now += 1_000;
    const { user: userId = 0, client = 1n } = sender;
    const op = this.log.length + 1;
    const timestamp = this.now;
    const admitted = this.machine.admit({ operation, userId, client, timestamp, op, body });
    if (admitted.kind === 'deny') return { channel: 'S', code: admitted.status };
    if (admitted.kind === 'evict') return { channel: 'E', code: admitted.reason };
    return this.commit({
      op,
      operation: admitted.operation,
      client,
      userId,
      request: BigInt(op),
      timestamp,
      body: admitted.body,
    });
  }

  commit<T>(entry: LogEntry): Outcome<T> {
    this.machine.logged(entry);
    const { body, endedUsers = [] } = this.machine.apply(entry);
    this.endedUsers.push(...endedUsers);
    this.log.push(entry);
    this.replies.push(body);
    const count = getU32(body, 0);
    if (count > 0) return { channel: 'R', code: getU32(body, 8) };
    const payload = replyPayloadCodec(entry.operation) as Codec<T> | undefined;
    const bytes = body.subarray(4);
    const value =
      payload === undefined || entry.operation === Operation.CreatePersonalAccessToken
        ? (undefined as T)
        : decode(payload, bytes);
    return { channel: 'ok', value, operation: entry.operation };
  }

  /** A session that ends, as the apply of a logout or an eviction says. */
  endSession(client: bigint): void {
    this.machine.endSession(client, this.now);
    this.log.push({ ...sessionEnd, op: this.log.length + 1, client, timestamp: this.now });
  }

  /** An operation whose replicated body differs from the client's. */
  replicated(operation: Operation, value: unknown, sender: Sender = {}): Outcome<unknown> {
    const codec = replicatedBodyCodec(operation);
    if (codec === undefined) throw new Error(`operation ${operation} has no body`);
    return this.propose(operation, encode(codec, value), sender);
  }

  join(group: GroupRef, client: bigint, inFlight: readonly number[] = [], user = 0) {
    const value = { ...group, client_id: client, in_flight: inFlight };
    return this.replicated(Operation.JoinConsumerGroup, value, { user, client });
  }

  leave(group: GroupRef, client: bigint, user = 0) {
    const value = { ...group, client_id: client };
    return this.replicated(Operation.LeaveConsumerGroup, value, { user, client });
  }

  createToken(name: string, { user = 0, expiry = 0n, hash = 'a'.repeat(64) } = {}) {
    const value = { user_id: user, name, expiry, token_hash: hash };
    return this.replicated(Operation.CreatePersonalAccessToken, value, { user });
  }

  deleteToken(name: string, { user = 0, onlyIfExpired = false } = {}) {
    const value = { user_id: user, name, only_if_expired: onlyIfExpired };
    return this.replicated(Operation.DeletePersonalAccessToken, value, { user });
  }

  /** A read: its decoded reply, `'empty'` for a body of zero bytes, or a status. */
  read<K extends CommandKey>(
    key: K,
    request: RequestOf<K>,
    sender: Sender = {},
  ): ResponseOf<K> | 'empty' | { readonly status: number } {
    const spec = commands[key] as unknown as CommandSpec<RequestOf<K>, ResponseOf<K>>;
    const reply = this.machine.read({
      code: spec.code,
      userId: sender.user ?? 0,
      client: sender.client ?? 1n,
      body: encode(spec.request, request),
    });
    if (reply === undefined) throw new Error(`${key} is not answered by the machine`);
    if (reply.body === undefined) return { status: reply.status };
    return reply.body.length === 0 ? 'empty' : decode(spec.response, reply.body);
  }

  // The most frequent requests, with everything that hardly ever matters left out.

  createStream(name: string, sender?: Sender) {
    return this.send('create_stream', { name, options: [] }, sender);
  }

  createTopic(
    stream: number | string,
    name: string,
    partitions = 1,
    options: RequestOf<'create_topic'>['options'] = [],
    sender?: Sender,
  ) {
    const request = { stream_id: stream, partitions_count: partitions, name, options };
    return this.send('create_topic', request, sender);
  }

  createUser(username: string, permissions: Permissions | null = null, sender?: Sender) {
    const request = { username, password: `hash of ${username}`, status: 1, permissions };
    return this.send('create_user', { ...request, options: [] }, sender);
  }

  createGroup(stream: number | string, topic: number | string, name: string, sender?: Sender) {
    return this.send('create_consumer_group', { stream_id: stream, topic_id: topic, name }, sender);
  }
}

const sessionEnd = { operation: 3, userId: 0, request: 1n, body: new Uint8Array() } as const;

/** Applies a log to another machine, as a backup or a restart does; gives the replies. */
export function replay(machine: MetadataMachine, log: readonly LogEntry[]): Uint8Array[] {
  const replies: Uint8Array[] = [];
  for (const entry of log) {
    machine.logged(entry);
    if (entry.operation === sessionEnd.operation) machine.endSession(entry.client, entry.timestamp);
    else replies.push(machine.apply(entry).body);
  }
  return replies;
}

export interface GroupRef {
  readonly stream_id: number | string;
  readonly topic_id: number | string;
  readonly group_id: number | string;
}

export function newMachine(): MetadataMachine {
  return new MetadataMachine({ root: { username: 'iggy', passwordHash: rootHash } });
}

export const ok = { channel: 'ok' } as const;

export function R(code: number) {
  return { channel: 'R', code } as const;
}

export function S(code: number) {
  return { channel: 'S', code } as const;
}

/** No right that counts everywhere. */
export const noGlobal: Permissions['global'] = {
  manage_servers: false,
  read_servers: false,
  manage_users: false,
  read_users: false,
  manage_streams: false,
  read_streams: false,
  manage_topics: false,
  read_topics: false,
  poll_messages: false,
  send_messages: false,
};

const noStreamRights: Permissions['streams'][number]['permissions'] = {
  manage_stream: false,
  read_stream: false,
  manage_topics: false,
  read_topics: false,
  poll_messages: false,
  send_messages: false,
};

const noTopicRights: Permissions['streams'][number]['topics'][number]['permissions'] = {
  manage_topic: false,
  read_topic: false,
  poll_messages: false,
  send_messages: false,
};

/** Global rights by name. */
export function globally(...rights: (keyof Permissions['global'])[]): Permissions {
  return { global: only(noGlobal, rights), streams: [] };
}

type StreamGrant = Permissions['streams'][number];

/** Rights on one stream by name. */
export function onStream(
  stream_id: number,
  rights: (keyof StreamGrant['permissions'])[],
  topics: StreamGrant['topics'] = [],
): Permissions {
  return {
    global: noGlobal,
    streams: [{ stream_id, permissions: only(noStreamRights, rights), topics }],
  };
}

type TopicGrant = StreamGrant['topics'][number];

/** Rights on one topic by name. */
export function onTopic(
  stream_id: number,
  topic_id: number,
  ...rights: (keyof TopicGrant['permissions'])[]
): Permissions {
  return onStream(stream_id, [], [{ topic_id, permissions: only(noTopicRights, rights) }]);
}

function only<T extends Readonly<Record<string, boolean>>>(none: T, rights: (keyof T)[]): T {
  return { ...none, ...Object.fromEntries(rights.map((right) => [right, true])) };
}
