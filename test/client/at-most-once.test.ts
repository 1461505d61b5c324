// A mutation whose connection is cut at every byte of its exchange is applied exactly once, or is said
// to be unknown; it is never applied twice.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { type Cut, CuttingProxy } from '../helpers/cutting-proxy.js';
import { hashing } from '../helpers/remembered-hashing.js';
import { loggedIn, ok, op, reply, type ScriptedRequest } from '../helpers/scripted-frames.js';
import { type Script, ScriptedServer } from '../helpers/scripted-server.js';

const credentials = { username: 'iggy', password: 'iggy' } as const;

interface Entry {
  readonly origin: bigint;
  session: bigint;
  watermark: bigint;
  readonly replies: Map<bigint, Buffer>;
}

/** A server with a client table: it applies a number once, and answers repeats from its cache. */
class TableServer {
  readonly applied: string[] = [];
  readonly #entries = new Map<bigint, Entry>();
  readonly #isOurs: boolean;
  #op = 10n;

  constructor(isOurs: boolean) {
    this.#isOurs = isOurs;
  }

  readonly script: Script = (request, connection) => {
    this.#op += 1n;
    switch (request.operation) {
      case op.register:
        return this.#register(request, connection.number);
      case op.createStream:
        return this.#create(request);
      default:
        return reply(request);
    }
  };

  #register(request: ScriptedRequest, connection: number): Buffer {
    // Official servers forget a client with its connection, and tell nothing about the entry.
    const key = this.#isOurs ? request.client : request.client + (BigInt(connection) << 128n);
    const entry = this.#entries.get(key) ?? {
      origin: this.#op,
      session: 0n,
      watermark: 0n,
      replies: new Map(),
    };
    entry.session = this.#op;
    this.#entries.set(request.client, entry);
    this.#entries.set(key, entry);
    const { origin, watermark } = entry;
    return loggedIn(request, {
      session: this.#op,
      ...(this.#isOurs ? { version: 'iggyctl/1', context: { watermark, origin } } : {}),
    });
  }

  #create(request: ScriptedRequest): Buffer {
    const entry = this.#entries.get(request.client);
    if (entry === undefined) throw new Error('a mutation without a login');
    const cached = entry.replies.get(request.request);
    if (cached !== undefined) return cached;
    this.applied.push(request.body.subarray(1).toString());
    const payload = Buffer.alloc(37 + request.body.length - 1);
    payload.writeUInt8(request.body.length - 1, 32);
    request.body.copy(payload, 33, 1);
    const answer = ok(request, payload);
    entry.watermark = request.request;
    entry.replies.set(request.request, answer);
    return answer;
  }
}

function clientThrough(proxy: CuttingProxy): IggyClient {
  return new IggyClient({
    servers: [proxy.address],
    credentials,
    followLeader: false,
    heartbeatMillis: 0,
    reconnect: { intervalMillis: 5, reestablishAfterMillis: 0 },
  });
}

/** Every place a mutation can be cut at: its 263 bytes up, and its answer down. */
function everyCut(name: string): Cut[] {
  const up = 256 + 1 + name.length;
  const down = 256 + 4 + 37 + name.length;
  const cuts: Cut[] = [];
  for (let bytes = 1; bytes <= up; bytes++) cuts.push({ direction: 'up', bytes });
  for (let bytes = 1; bytes <= down; bytes++) cuts.push({ direction: 'down', bytes });
  return cuts;
}

describe('a connection cut at every byte', () => {
  for (const isOurs of [true, false]) {
    const what = isOurs
      ? 'of this project: applied exactly once'
      : 'that tells nothing: never twice';
    test(`04-S84 against a server ${what}`, async () => {
      const table = new TableServer(isOurs);
      const server = await ScriptedServer.start(table.script);
      const proxy = await CuttingProxy.start(server.port);
      const client = clientThrough(proxy);
      await client.connect();
      const outcomes = { done: 0, unknown: 0 };
      for (const [index, cut] of everyCut('s0000').entries()) {
        const name = `s${String(index).padStart(4, '0')}`;
        proxy.arm(cut);
        try {
          const stream = await client.streams.create(name);
          expect(stream.name).toBe(name);
          expect(table.applied.filter((each) => each === name)).toHaveLength(1);
          outcomes.done += 1;
        } catch (error) {
          expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', applied: undefined });
          expect(table.applied.filter((each) => each === name).length).toBeLessThanOrEqual(1);
          outcomes.unknown += 1;
        }
      }
      expect(proxy.cuts).toBe(everyCut('s0000').length);
      if (isOurs) expect(outcomes.unknown).toBe(0);
      else expect(outcomes.unknown).toBeGreaterThan(0);
      client.destroy();
      await proxy.stop();
      await server.stop();
    });
  }
});

describe('a connection to a cluster, cut', () => {
  let cluster: LocalCluster;
  let proxy: CuttingProxy;

  beforeAll(async () => {
    cluster = await LocalCluster.start({ hashing, nodes: 3, ephemeral: true, portBase: 0 });
    const primary = cluster.nodes[cluster.status().primary ?? 0];
    proxy = await CuttingProxy.start(primary?.ports.tcp ?? 0);
  });

  afterAll(async () => {
    await proxy.stop();
    await cluster.stop();
  });

  test('04-S21 04-S28 finishes every mutation once, whichever byte is the last', async () => {
    const client = clientThrough(proxy);
    await client.connect();
    const cuts = everyCut('c0000').filter((_, index) => index % 29 === 0);
    for (const [index, cut] of cuts.entries()) {
      const name = `c${String(index).padStart(4, '0')}`;
      proxy.arm(cut);
      // A second application would be refused: the name would be taken.
      expect(await client.streams.create(name)).toMatchObject({ name });
    }
    expect(proxy.cuts).toBe(cuts.length);
    const names = (await client.streams.list()).map((each) => each.name);
    expect(names).toHaveLength(cuts.length);
    await client.close();
  });
});
