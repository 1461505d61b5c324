import { describe, expect, test } from 'vitest';
import { Connection } from '../../src/server/core/connection.js';
import { Core } from '../../src/server/core/core.js';
import {
  drainCorrelated,
  onCorrelatedFrame,
} from '../../src/server/correlated/correlated-intake.js';
import { onClosed } from '../../src/server/sessions/logout.js';
import {
  type CommandKey,
  type CommandSpec,
  commands,
  correlatedRequestCodec,
  correlatedResponseCodec,
  decode,
  encode,
  loginResponse,
  Operation,
  type RequestOf,
} from '../../src/wire/index.js';
import { committed, resultBody } from './harness/committed-reply.js';
import { loginBody } from './harness/requests.js';
import { only, ScriptNode } from './harness/script-node.js';
import { addTopic, group, join, ScriptPartition } from './harness/topics.js';

const nothing = new Uint8Array(0);

function raw(code: number, requestId: number | bigint, payload: Uint8Array = nothing): Uint8Array {
  return encode(correlatedRequestCodec, { code, requestId: BigInt(requestId), payload });
}

function request<K extends CommandKey>(key: K, id: number, value: RequestOf<K>): Uint8Array {
  const spec = commands[key] as unknown as CommandSpec<RequestOf<K>>;
  return raw(spec.code, id, encode(spec.request, value));
}

const createStream = (id: number) => request('create_stream', id, { name: `s${id}`, options: [] });
const responses = (frames: readonly Uint8Array[]) =>
  frames.map((frame) => decode(correlatedResponseCodec, frame));
const statuses = (frames: readonly Uint8Array[]) =>
  responses(frames).map(({ requestId, status }) => [Number(requestId), status]);

function opened(config = {}): ScriptNode {
  const node = new ScriptNode(config);
  node.open(1, 'correlated');
  return node;
}

function register(node: ScriptNode, id: number, session: number): Uint8Array[] {
  node.send(1, raw(40, id, loginBody()));
  node.decide({ kind: 'registered', session, watermark: 0n, origin: session });
  return node.taken(1);
}

function bound(config = {}): ScriptNode {
  const node = opened(config);
  register(node, 1, 9);
  return node;
}

function commitNext(node: ScriptNode, op: number, code = 0) {
  const [proposal] = node.proposals;
  if (proposal === undefined) throw new Error('nothing proposed');
  node.decide(committed(proposal, op, resultBody(code)));
  return proposal;
}

describe('login on correlated frames', () => {
  test('04-S98 answers the payload without result section under the request id', () => {
    const node = opened();
    const [response] = responses(register(node, 9, 12));

    expect(response).toMatchObject({ status: 0, requestId: 9n });
    expect(decode(loginResponse, response?.payload ?? nothing)).toMatchObject({
      user_id: 0,
      session: 12n,
      server_version: 'iggyctl/0.0.0-test',
    });
    const { clients } = decode(
      commands.get_clients.response,
      responses(node.send(1, raw(22, 2)))[0]?.payload ?? nothing,
    );
    expect(clients).toMatchObject([{ client_id: 1, user_id: 0, transport: 1 }]);
  });

  test('04-S98 a wrong password is status 42 in an empty response', () => {
    const node = opened();
    const frame = only(node.send(1, raw(40, 3, loginBody({ password: 'wrong' }))));

    expect(statuses([frame])).toEqual([[3, 42]]);
    expect(frame).toHaveLength(16);
  });

  test('the version window becomes its code', () => {
    expect(statuses(opened().send(1, raw(40, 3, loginBody({ version: 1 }))))).toEqual([
      [3, 14_003],
    ]);
  });

  test('every login draws another client id and ends the session before', () => {
    const node = bound();
    node.send(1, raw(40, 5, loginBody()));
    const logout = node.decide({ kind: 'logged-out', commit: 20 });
    const second = node.decide({ kind: 'registered', session: 21, watermark: 0n, origin: 21 });

    expect(logout).toMatchObject({ operation: Operation.Logout, session: 9 });
    expect(second.client).not.toBe(logout.client);
    expect(statuses(node.taken(1))).toEqual([[5, 0]]);
  });

  test('04-S100 before login only ping and logins are served', () => {
    const node = opened();
    const asked: readonly (readonly [number, number])[] = [
      [1, 0],
      [10, 40],
      [202, 40],
      [101, 40],
      [39, 40],
      [38, 4],
      [44, 4],
      [60_000, 3],
    ];
    for (const [code, expected] of asked) {
      expect(statuses(node.send(1, raw(code, code)))).toEqual([[code, expected]]);
    }
  });

  test('a logout and a closed socket end the session', () => {
    const node = bound();
    node.send(1, raw(39, 4));
    node.decide({ kind: 'logged-out', commit: 20 });
    expect(statuses(node.taken(1))).toEqual([[4, 0]]);
    expect(statuses(node.send(1, raw(20, 5)))).toEqual([[5, 40]]);

    const other = bound();
    other.close(1);
    expect(other.proposals).toMatchObject([{ operation: Operation.Logout, session: 9 }]);
  });

  test('a client that announces resume has no session kept for it, as it cannot name it', () => {
    const node = opened();
    node.send(1, raw(40, 1, loginBody({ context: 'iggyctl/1;resume=1' })));
    node.decide({ kind: 'registered', session: 9, watermark: 0n, origin: 9 });
    node.close(1);
    expect(node.proposals).toMatchObject([{ operation: Operation.Logout, session: 9 }]);
  });
});

describe('order', () => {
  test('04-S99 mutations run one at a time, everything else starts at once', () => {
    const node = bound();
    addTopic(node, 1);
    node.partitions.set(group(0), new ScriptPartition());
    node.send(1, createStream(10));
    node.send(1, createStream(11));
    const reads = [raw(10, 12), raw(1, 13), raw(20, 14)].flatMap((frame) =>
      statuses(node.send(1, frame)),
    );

    expect(reads).toEqual([
      [12, 0],
      [13, 0],
      [14, 0],
    ]);
    expect(node.proposals).toMatchObject([{ request: 1n }]);
    commitNext(node, 20);
    expect(node.proposals).toMatchObject([{ request: 2n }]);
    commitNext(node, 21);
    expect(statuses(node.taken(1))).toEqual([
      [10, 0],
      [11, 0],
    ]);
  });

  test('a committed rejection is its code, and the number is used', () => {
    const node = bound();
    node.send(1, createStream(10));
    commitNext(node, 20, 1012);
    expect(statuses(node.taken(1))).toEqual([[10, 1012]]);
    node.send(1, createStream(11));

    expect(node.proposals).toMatchObject([{ request: 2n }]);
  });

  test.each([
    ['a denial', { kind: 'denied', status: 2015 }],
    ['a refusal with 58', { kind: 'refused', code: 58 }],
  ] as const)('%s leaves no trace, so the next mutation gets its number', (_name, outcome) => {
    const node = bound();
    node.send(1, createStream(10));
    node.decide(outcome);
    node.send(1, createStream(11));

    expect(node.proposals).toMatchObject([{ request: 1n }]);
  });

  test('04-S100 an id that is outstanding is refused, the first is not affected', () => {
    const node = bound();
    node.send(1, createStream(10));
    expect(statuses(node.send(1, raw(1, 10)))).toEqual([[10, 3]]);
    commitNext(node, 20);

    expect(statuses(node.taken(1))).toEqual([[10, 0]]);
    expect(statuses(node.send(1, raw(1, 10)))).toEqual([[10, 0]]);
  });

  test('reading stops while the bound of requests wait', () => {
    const node = bound({ maxQueuedFrames: 3 });
    for (const id of [10, 11]) node.send(1, createStream(id));
    expect(node.paused).not.toContain(1);
    node.send(1, createStream(12));
    expect(node.paused).toContain(1);
    commitNext(node, 20);

    expect(node.paused).not.toContain(1);
  });
});

describe('outcomes that are not known', () => {
  test('are replayed by the server under the same number until they are', () => {
    const node = bound();
    node.send(1, createStream(10));
    for (let i = 0; i < 3; i++) {
      expect(node.decide({ kind: 'refused', code: 57 })).toMatchObject({ request: 1n });
      node.ticks(4);
      expect(node.proposals).toEqual([]);
      node.ticks(1);
    }
    expect(node.taken(1)).toEqual([]);
    commitNext(node, 20);

    expect(statuses(node.taken(1))).toEqual([[10, 0]]);
  });

  test.each([
    ['cannot propose any more', { kind: 'refused', code: 58 }, [[10, 57]]],
    ['has lost the session', { kind: 'evicted', reason: 1 }, [[10, 57]]],
    ['knows that it was refused', { kind: 'denied', status: 2015 }, [[10, 2015]]],
  ] as const)('stay unknown unless a node that %s says otherwise', (_, outcome, told) => {
    const node = bound();
    node.send(1, createStream(10));
    node.decide({ kind: 'refused', code: 57 });
    node.ticks(5);
    node.decide(outcome);
    expect(statuses(node.taken(1))).toEqual(told);
  });

  test('keep their number, so that the next mutation is not taken for them', () => {
    const node = bound();
    node.send(1, createStream(10));
    node.decide({ kind: 'refused', code: 57 });
    node.ticks(5);
    node.decide({ kind: 'refused', code: 58 });
    node.send(1, createStream(11));
    expect(node.decide({ kind: 'refused', code: 58 })).toMatchObject({ request: 2n });
    node.send(1, createStream(12));
    expect(node.proposals).toMatchObject([{ request: 2n }]);
  });

  test('are told after thirty seconds', () => {
    const node = bound();
    node.send(1, createStream(10));
    for (let i = 0; i < 600; i++) {
      node.decide({ kind: 'refused', code: 57 });
      expect(node.taken(1)).toEqual([]);
      node.ticks(5);
    }
    node.decide({ kind: 'refused', code: 57 });

    expect(statuses(node.taken(1))).toEqual([[10, 57]]);
  });

  test('are replayed for logins and logouts too', () => {
    const node = opened();
    node.send(1, raw(40, 1, loginBody()));
    const first = node.decide({ kind: 'refused', code: 57 });
    node.ticks(5);
    const again = node.decide({ kind: 'registered', session: 9, watermark: 0n, origin: 9 });
    expect(again.client).toBe(first.client);
    node.taken(1);

    node.send(1, raw(39, 2));
    node.decide({ kind: 'refused', code: 57 });
    node.ticks(5);
    node.decide({ kind: 'logged-out', commit: 12 });
    expect(statuses(node.taken(1))).toEqual([[2, 0]]);
  });

  test('stop being replayed when the socket closes', () => {
    const node = bound();
    node.send(1, createStream(10));
    node.decide({ kind: 'refused', code: 57 });
    node.close(1);
    node.ticks(10);

    expect(node.proposals).toMatchObject([{ operation: Operation.Logout }]);
  });
});

describe('evictions', () => {
  test('fail every outstanding request and drop the session, not the connection', () => {
    const node = bound();
    node.send(1, createStream(10));
    node.send(1, createStream(11));
    node.decide({ kind: 'evicted', reason: 1 });

    expect(statuses(node.taken(1))).toEqual([
      [10, 40],
      [11, 40],
    ]);
    expect(statuses(node.send(1, raw(20, 12)))).toEqual([[12, 40]]);
    expect(node.closed).toEqual(new Set());
    expect(statuses(register(node, 13, 30))).toEqual([[13, 0]]);
  });

  test('of a stale client close the connection', () => {
    const node = bound({ heartbeatIntervalMillis: 1_000, closeStaleClients: false });
    addTopic(node, 1);
    node.send(1, createStream(10));
    const { client: own } = only(node.proposals);
    join(node, own);
    node.ticks(300);

    expect(statuses(node.taken(1))).toEqual([[10, 30]]);
    expect(node.closed).toContain(1);
  });
});

test('a frame shorter than its header closes the connection', () => {
  const node = opened();
  node.send(1, new Uint8Array(15));

  expect(node.closed).toContain(1);
});

test('nothing is kept for a connection that closed before its request was decided', () => {
  const { config, deps } = new ScriptNode();
  const core = new Core(config, deps);
  const from = { address: 'a:1', localAddress: 'a', transport: 1, framing: 'correlated' } as const;
  const connection = new Connection({ id: 1, node: 0, tick: 0, ...from });
  core.sessions.add(connection);
  onCorrelatedFrame(core, connection, raw(40, 1, loginBody()));
  expect(core.correlated.size).toBe(1);

  onClosed(core, connection);
  drainCorrelated(core, connection);

  expect(core.correlated.size).toBe(0);
});
