import { getU32, getU64, getU64Number, getU128 } from '../../base/index.js';
import {
  type Codec,
  commands,
  createTopicWithAssignments,
  decode,
  type Identifier,
  Operation,
  prepareHeader,
} from '../../wire/index.js';

/** What a client must be answered: an error code, or the id of what was made (-1 = nothing). */
export type Expected =
  | { readonly ok: true; readonly id: number }
  | { readonly ok: false; readonly code: number };

interface ReferenceStream {
  name: string;
  readonly topics: Map<number, string>;
}

const at = prepareHeader.offsetOf;
const done: Expected = { ok: true, id: -1 };

const notFound = { stream: 1009, topic: 2010, user: 20 } as const;
const taken = { stream: 1012, topic: 2013, user: 46 } as const;
const rootIsKept = 48;

/**
 * The rules of the metadata written down a second time, plainly: it shares the decoder with the
 * product and nothing else. It knows the requests that simulated clients make.
 */
export class ReferenceMetadata {
  readonly streams = new Map<number, ReferenceStream>();
  readonly users = new Map<number, string>([[0, 'iggy']]);
  #nextUser = 1;

  /** Applies a committed prepare; `undefined` for operations without an effect here. */
  apply(frame: Uint8Array): Expected | undefined {
    const operation = frame[at.operation] ?? 0;
    const body = frame.subarray(256);
    switch (operation) {
      case Operation.CreateStream:
        return this.#createStream(read(commands.create_stream.request, body).name);
      case Operation.UpdateStream: {
        const { stream_id: stream, name } = read(commands.update_stream.request, body);
        return this.#renameStream(stream, name);
      }
      case Operation.DeleteStream: {
        const stream = this.#find(read(commands.delete_stream.request, body).stream_id);
        if (stream < 0) return { ok: false, code: notFound.stream };
        this.streams.delete(stream);
        return done;
      }
      case Operation.PurgeStream: {
        const stream = this.#find(read(commands.purge_stream.request, body).stream_id);
        return stream < 0 ? { ok: false, code: notFound.stream } : done;
      }
      case Operation.CreateTopicWithAssignments: {
        const { request } = read(createTopicWithAssignments, body);
        return this.#createTopic(request.stream_id, request.name);
      }
      case Operation.DeleteTopic: {
        const { stream_id: stream, topic_id: topic } = read(commands.delete_topic.request, body);
        return this.#deleteTopic(stream, topic);
      }
      case Operation.CreateUser:
        return this.#createUser(read(commands.create_user.request, body).username);
      case Operation.DeleteUser:
        return this.#deleteUser(read(commands.delete_user.request, body).user_id);
      default:
        return undefined;
    }
  }

  /** The list of streams as text, for comparison with what a read answered. */
  streamList(): string {
    const ids = [...this.streams.keys()].sort((a, b) => a - b);
    return ids.map((id) => `${id}=${this.streams.get(id)?.name ?? ''}`).join(',');
  }

  #createStream(name: string): Expected {
    if (this.#find(name) >= 0) return { ok: false, code: taken.stream };
    const id = lowestFree(this.streams);
    this.streams.set(id, { name, topics: new Map() });
    return { ok: true, id };
  }

  #renameStream(stream: Identifier, name: string): Expected {
    const id = this.#find(stream);
    if (id < 0) return { ok: false, code: notFound.stream };
    const holder = this.#find(name);
    if (holder >= 0 && holder !== id) return { ok: false, code: taken.stream };
    const found = this.streams.get(id);
    if (found !== undefined) found.name = name;
    return done;
  }

  #createTopic(stream: Identifier, name: string): Expected {
    const found = this.streams.get(this.#find(stream));
    if (found === undefined) return { ok: false, code: notFound.stream };
    if ([...found.topics.values()].includes(name)) return { ok: false, code: taken.topic };
    const id = lowestFree(found.topics);
    found.topics.set(id, name);
    return { ok: true, id };
  }

  #deleteTopic(stream: Identifier, topic: Identifier): Expected {
    const found = this.streams.get(this.#find(stream));
    if (found === undefined) return { ok: false, code: notFound.stream };
    const id =
      typeof topic === 'number'
        ? topic
        : ([...found.topics].find(([, name]) => name === topic)?.[0] ?? -1);
    return found.topics.delete(id) ? done : { ok: false, code: notFound.topic };
  }

  #createUser(name: string): Expected {
    if ([...this.users.values()].includes(name)) return { ok: false, code: taken.user };
    const id = this.#nextUser;
    this.#nextUser += 1;
    this.users.set(id, name);
    return { ok: true, id };
  }

  #deleteUser(user: Identifier): Expected {
    const id =
      typeof user === 'number'
        ? user
        : ([...this.users].find(([, name]) => name === user)?.[0] ?? -1);
    if (id === 0) return { ok: false, code: rootIsKept };
    return this.users.delete(id) ? done : { ok: false, code: notFound.user };
  }

  /** Id of a stream, or -1. */
  #find(stream: Identifier): number {
    if (typeof stream === 'number') return this.streams.has(stream) ? stream : -1;
    for (const [id, { name }] of this.streams) if (name === stream) return id;
    return -1;
  }
}

/** Header fields of a committed prepare that the models need. */
export interface EntryFacts {
  readonly op: number;
  readonly operation: number;
  readonly client: bigint;
  readonly request: bigint;
  readonly userId: number;
}

export function entryFacts(frame: Uint8Array): EntryFacts {
  return {
    op: getU64Number(frame, at.op),
    operation: frame[at.operation] ?? 0,
    client: getU128(frame, at.client),
    request: getU64(frame, at.request),
    userId: getU32(frame, at.userId),
  };
}

function lowestFree(taken: ReadonlyMap<number, unknown>): number {
  let id = 0;
  while (taken.has(id)) id += 1;
  return id;
}

function read<T>(codec: Codec<T>, body: Uint8Array): T {
  return decode(codec, body);
}
