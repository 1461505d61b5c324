import { describe, expect, test } from 'vitest';
import { commands, Operation, parseFrameAs } from '../../src/wire/index.js';
import { answerOf, evict, loginOf, ok, payloadOf, result, status } from './harness/answers.js';
import { committed, resultBody } from './harness/committed-reply.js';
import {
  commandFrame,
  loginFrame,
  logoutFrame,
  readFrame,
  requestFrame,
  X,
  Y,
} from './harness/requests.js';
import { only, ScriptNode } from './harness/script-node.js';

const createStream = (request: number, fields = {}) =>
  commandFrame('create_stream', { name: 's', options: [] }, { session: 9, request, ...fields });

/** A node with connection 1 bound to (X, session 9) of root. */
function bound(config = {}): ScriptNode {
  const node = new ScriptNode(config);
  node.open(1);
  node.login(1, loginFrame(), 9);
  return node;
}

const getMe = readFrame(20);

describe('a second register', () => {
  test('04-S21 of a reconnected client commits again and gives the new session', () => {
    const node = bound();
    node.close(1);
    node.decide({ kind: 'logged-out', commit: 10 });
    node.open(2);

    expect(loginOf(node.login(2, loginFrame(), 15))).toEqual({ userId: 0, session: 15 });
  });

  test('04-S23 written back to back on one connection gives the same session twice', () => {
    const node = new ScriptNode();
    node.open(1);
    node.send(1, loginFrame());
    node.send(1, loginFrame());
    expect(node.proposals).toHaveLength(1);

    node.decide({ kind: 'registered', session: 30, watermark: 0n, origin: 30 });

    const sessions = node.taken(1).map((frame) => loginOf(frame).session);
    expect(sessions).toEqual([30, 30]);
    expect(node.proposals).toEqual([]);
  });

  test('04-S24 under another client id ends the first session before it registers', () => {
    const node = bound();
    node.send(1, loginFrame({ client: Y }));
    expect(node.decide({ kind: 'logged-out', commit: 20 })).toMatchObject({
      operation: Operation.Logout,
      client: X,
      session: 9,
    });
    const register = node.decide({ kind: 'registered', session: 21, watermark: 0n, origin: 21 });

    expect(register).toMatchObject({ operation: Operation.Register, client: Y });
    expect(loginOf(only(node.taken(1)))).toEqual({ userId: 0, session: 21 });
    node.send(1, createStream(1));
    expect(node.proposals).toMatchObject([{ client: Y, session: 21 }]);
  });

  test('an implicit logout that is refused refuses the login with its code', () => {
    const node = bound();
    node.send(1, loginFrame({ client: Y }));
    node.decide({ kind: 'refused', code: 57 });

    expect(node.taken(1).map(answerOf)).toMatchObject([{ ...result(57), operation: 1 }]);
    expect(answerOf(node.ask(1, getMe))).toMatchObject(ok);
  });

  test('a login under another client id sends a logout again whose outcome is not known', () => {
    const logout = { operation: Operation.Logout, client: X, session: 9 };
    const implicit = bound();
    implicit.send(1, loginFrame({ client: Y }));
    implicit.decide({ kind: 'refused', code: 57 });
    implicit.send(1, loginFrame({ client: Y }));
    expect(implicit.proposals).toMatchObject([logout]);
    implicit.decide({ kind: 'logged-out', commit: 20 });
    expect(implicit.proposals).toMatchObject([{ operation: Operation.Register, client: Y }]);

    const explicit = bound();
    explicit.send(1, logoutFrame({ session: 9, request: 1 }));
    explicit.decide({ kind: 'refused', code: 57 });
    explicit.send(1, loginFrame({ client: Y }));
    expect(explicit.proposals).toMatchObject([logout]);
  });

  test('an own login registers anew while an implicit logout may still commit', () => {
    const node = bound();
    node.send(1, loginFrame({ client: Y }));
    node.decide({ kind: 'refused', code: 57 });
    node.taken(1);

    node.send(1, loginFrame());

    expect(node.proposals).toMatchObject([{ operation: Operation.Register, client: X }]);
    node.decide({ kind: 'registered', session: 22, watermark: 0n, origin: 9 });
    expect(loginOf(only(node.taken(1)))).toEqual({ userId: 0, session: 22 });
  });

  test('an own login registers anew while an explicit logout may still commit', () => {
    const node = bound();
    node.send(1, logoutFrame({ session: 9, request: 1 }));
    node.decide({ kind: 'refused', code: 57 });
    node.taken(1);

    node.send(1, loginFrame());

    expect(node.proposals).toMatchObject([{ operation: Operation.Register, client: X }]);
  });

  test('after an eviction without session the same id registers again', () => {
    const node = bound();
    node.send(1, createStream(1));
    node.decide({ kind: 'evicted', reason: 1 });
    expect(node.taken(1).map(answerOf)).toMatchObject([{ ...evict(1), client: X }]);

    node.send(1, loginFrame());

    expect(node.proposals).toMatchObject([{ operation: Operation.Register, client: X }]);
  });

  test('04-S39 fences the connection that held the session, for mutations and reads', () => {
    const node = bound();
    node.open(2);
    node.login(2, loginFrame(), 40);

    node.send(1, createStream(6));
    expect(node.proposals).toMatchObject([{ client: X, session: 9 }]);
    node.decide({ kind: 'evicted', reason: 7, verdict: 'Fenced' });
    expect(node.taken(1).map(answerOf)).toMatchObject([evict(7)]);
    expect(answerOf(node.ask(1, getMe))).toMatchObject(evict(7));
    expect(answerOf(node.ask(1, getMe))).toMatchObject(status(40));
  });

  test('a newer epoch in the table fences a read although nobody here bound the id', () => {
    const node = bound();
    node.sessions.set(X, { epoch: 50, userId: 0, watermark: 0n, origin: 9 });

    expect(answerOf(node.ask(1, getMe))).toMatchObject({ ...evict(7), client: X });
  });

  test('an older or missing epoch proves nothing', () => {
    const node = bound();
    node.sessions.clear();

    expect(answerOf(node.ask(1, getMe))).toMatchObject(ok);
  });
});

describe('logout', () => {
  test('04-S48 ends the session but not the connection', () => {
    const node = bound();
    node.send(1, logoutFrame({ session: 9, request: 2 }));
    expect(node.proposals).toMatchObject([
      { operation: Operation.Logout, session: 9, request: 2n },
    ]);
    node.decide({ kind: 'logged-out', commit: 17 });

    const frame = only(node.taken(1));
    expect(answerOf(frame)).toMatchObject({ kind: 'ok', operation: Operation.Logout });
    expect(parseFrameAs('Reply', frame).header).toMatchObject({ client: X, op: 9n, commit: 17n });
    expect(answerOf(node.ask(1, commandFrame('get_streams', {})))).toMatchObject(status(40));
    expect(answerOf(node.ask(1, createStream(3)))).toMatchObject(evict(1));
    expect(loginOf(node.login(1, loginFrame(), 20))).toMatchObject({ session: 20 });
  });

  test('04-S49 of a connection that never logged in succeeds', () => {
    const node = new ScriptNode();
    node.open(1);

    const frame = node.ask(1, logoutFrame({ session: 1, request: 1 }));
    expect(answerOf(frame)).toMatchObject(ok);
    expect(parseFrameAs('Reply', frame).header).toMatchObject({ client: 1n, op: 0n, commit: 10n });
  });

  test.each([57, 58])('refused with %i is a status and keeps the binding', (code) => {
    const node = bound();
    node.send(1, logoutFrame({ session: 9, request: 2 }));
    node.decide({ kind: 'refused', code });

    const frame = only(node.taken(1));
    expect(answerOf(frame)).toMatchObject(status(code));
    expect(parseFrameAs('Reply', frame).header).toMatchObject({ client: X, op: 9n, commit: 10n });
    expect(answerOf(node.ask(1, getMe))).toMatchObject(ok);
  });
});

describe('a closed socket', () => {
  test('04-S50 04-S51 ends exactly its own session', () => {
    const node = bound();
    node.close(1);

    expect(node.proposals).toMatchObject([
      { operation: Operation.Logout, client: X, session: 9, request: 0xffff_ffff_ffff_ffffn },
    ]);
  });

  test('of a fenced connection ends nothing', () => {
    const node = bound();
    node.open(2);
    node.login(2, loginFrame(), 40);
    node.close(1);

    expect(node.proposals).toEqual([]);
  });

  test('waits for the operation in flight, which would only refuse the logout', () => {
    const node = bound();
    node.send(1, createStream(1));
    node.close(1);
    expect(node.proposals).toMatchObject([{ operation: Operation.CreateStream }]);

    const [proposal] = node.proposals;
    if (proposal === undefined) throw new Error('nothing proposed');
    node.decide(committed(proposal, 11, resultBody()));

    expect(node.proposals).toMatchObject([{ operation: Operation.Logout, session: 9 }]);
    expect(node.taken(1)).toEqual([]);
  });

  test('of a client that announced resume waits for the grace', () => {
    const node = new ScriptNode({ resumeGraceMillis: 1_000 });
    node.open(1);
    node.login(1, loginFrame({ context: 'iggyctl/1;resume=1' }), 9);
    node.close(1);
    node.ticks(99);
    expect(node.proposals).toEqual([]);

    node.ticks(1);

    expect(node.proposals).toMatchObject([{ operation: Operation.Logout, session: 9 }]);
  });

  test('is forgotten when the client comes back within the grace', () => {
    const node = new ScriptNode({ resumeGraceMillis: 1_000 });
    node.open(1);
    node.login(1, loginFrame({ context: 'iggyctl/1;resume=1' }), 9);
    node.close(1);
    node.open(2);
    node.login(2, loginFrame({ context: 'iggyctl/1;resume=1' }), 25);

    node.ticks(200);

    expect(node.proposals).toEqual([]);
  });

  test('a logout that is refused is logged and forgotten', () => {
    const node = bound();
    node.close(1);
    node.decide({ kind: 'refused', code: 58 });

    expect(node.logs).toMatchObject([{}, { event: 'DisconnectLogoutRefused' }]);
    node.ticks(4_000);
    expect(node.proposals).toEqual([]);
  });
});

describe('deleted and deactivated users', () => {
  test('the next read gets 40, the next replicated request is evicted', () => {
    const node = bound();
    node.step({ kind: 'users-ended', users: [0], now: node.now });

    expect(answerOf(node.ask(1, getMe))).toMatchObject(status(40));
    expect(answerOf(node.ask(1, createStream(1)))).toMatchObject({ ...evict(1), client: 1n });
  });
});

describe('get_me and the list of clients', () => {
  test('show the low bits of the connection, the user and the address', () => {
    const node = bound();
    const me = payloadOf(commands.get_me.response, node.ask(1, getMe));

    expect(me).toEqual({
      client_id: 1,
      user_id: 0,
      transport: 1,
      address: '127.0.0.1:5000',
      consumer_groups_count: 0,
      consumer_groups: [],
    });
  });

  test('a connection that has not logged in is listed without user', () => {
    const node = bound();
    node.open(2, 'consensus', '10.0.0.1:99');

    const { clients } = payloadOf(commands.get_clients.response, node.ask(1, readFrame(22)));
    expect(clients.map((client) => client.user_id)).toEqual([0, 0xffff_ffff]);
    const one = node.ask(1, commandFrame('get_client', { client_id: 2 }));
    expect(payloadOf(commands.get_client.response, one)).toMatchObject({
      address: '10.0.0.1:99',
    });
    expect(node.ask(1, commandFrame('get_client', { client_id: 3 }))).toHaveLength(256);
    expect(node.ask(1, readFrame(21))).toHaveLength(256);
  });
});

test('the node can tell its connections, their sessions and what clients said about themselves', () => {
  const node = bound();
  node.open(2, 'correlated', '10.0.0.1:99');

  expect(node.server.connections()).toMatchObject([
    {
      connection: 1,
      address: '127.0.0.1:5000',
      transport: 1,
      framing: 'consensus',
      session: { userId: 0, clientId: X, epoch: 9 },
      sdk: { name: 'test-sdk', version: '1.0.0', protocolVersion: 11_264 },
    },
    { connection: 2, address: '10.0.0.1:99', transport: 1, framing: 'correlated' },
  ]);
});

describe('heartbeats', () => {
  /** Makes X a member of a group of the applied metadata. */
  function join(node: ScriptNode): void {
    const apply = (operation: number, body: readonly number[]) =>
      node.machine.apply({
        op: 1,
        operation,
        client: X,
        userId: 0,
        request: 1n,
        timestamp: 1,
        body: Uint8Array.from(body),
      });
    apply(Operation.CreateStream, [1, 115]);
    const stream = [1, 4, 0, 0, 0, 0];
    const topic = [...stream, 0, 0, 0, 0, 1, 116];
    apply(Operation.CreateTopicWithAssignments, [
      ...[topic.length, 0, 0, 0, ...topic],
      ...[0, 0, 0, 0, 0, 0, 0, 0],
    ]);
    apply(Operation.CreateConsumerGroup, [...stream, ...stream, 1, 103]);
    const client = Array.from({ length: 16 }, (_, i) => Number((X >> BigInt(8 * i)) & 255n));
    apply(Operation.JoinConsumerGroup, [...stream, ...stream, ...stream, ...client, 0, 0, 0, 0]);
  }

  test('04-S52 a silent member is evicted between 1.2 and 2.4 intervals', () => {
    const node = bound({ heartbeatIntervalMillis: 2_000 });
    join(node);
    node.ticks(240);
    expect(node.taken(1)).toEqual([]);

    node.ticks(240);

    expect(node.taken(1).map(answerOf)).toMatchObject([{ ...evict(13), client: 1n }]);
    expect(node.proposals).toMatchObject([{ operation: Operation.Logout, client: X, session: 9 }]);
    expect(node.closed).toContain(1);
  });

  test('the session of a silent member ends behind the operation that it has in flight', () => {
    const node = bound({ heartbeatIntervalMillis: 2_000 });
    join(node);
    node.send(1, createStream(1));
    const [proposal] = node.proposals;
    if (proposal === undefined) throw new Error('nothing proposed');
    node.ticks(480);
    expect(node.closed).toContain(1);
    expect(node.proposals).toMatchObject([{ operation: Operation.CreateStream }]);

    node.decide(committed(proposal, 11, resultBody()));

    expect(node.proposals).toMatchObject([{ operation: Operation.Logout, client: X, session: 9 }]);
  });

  test('04-S53 silence without membership is no reason', () => {
    const node = bound({ heartbeatIntervalMillis: 2_000 });
    node.ticks(2_000);

    expect(answerOf(node.ask(1, getMe))).toMatchObject(ok);
  });

  test('04-S54 any frame keeps a member alive', () => {
    const node = bound({ heartbeatIntervalMillis: 2_000 });
    join(node);
    for (let i = 0; i < 10; i++) {
      node.ticks(100);
      node.send(1, readFrame(100));
    }

    expect(node.proposals).toEqual([]);
  });

  test('the half-close after StaleClient can be switched off', () => {
    const node = bound({ heartbeatIntervalMillis: 2_000, closeStaleClients: false });
    join(node);
    node.ticks(480);

    expect(node.taken(1).map(answerOf)).toMatchObject([evict(13)]);
    expect(node.closed).toEqual(new Set());
    expect(answerOf(node.ask(1, getMe))).toMatchObject(status(40));
  });

  test('nobody is evicted when heartbeats are off', () => {
    const node = bound({ heartbeatIntervalMillis: 2_000, heartbeatEnabled: false });
    join(node);
    node.ticks(1_000);

    expect(node.proposals).toEqual([]);
  });
});

test('a request under other ids than the bound ones is logged once and goes on', () => {
  const node = bound();
  for (const request of [1, 2]) {
    node.send(1, createStream(request, { client: Y, session: 3 }));
    const [proposal] = node.proposals;
    if (proposal === undefined) throw new Error('nothing proposed');
    expect(proposal).toMatchObject({ client: X, session: 9 });
    node.decide(committed(proposal, 10 + request, resultBody()));
  }

  expect(node.logs.filter(({ event }) => event === 'SessionMismatchOnWire')).toHaveLength(1);
});

test('04-S40 a connection that never logged in cannot use the session of another', () => {
  const node = bound();
  node.open(2);

  expect(answerOf(node.ask(2, createStream(1)))).toMatchObject({ ...evict(1), client: 2n });
  expect(node.proposals).toEqual([]);
});

test('an operation of the servers is refused before it is proposed', () => {
  const node = bound();
  for (const operation of [64, 66, 68, 100, 127]) {
    const frame = requestFrame(operation, new Uint8Array(0), { session: 9, request: 1 });
    expect(answerOf(node.ask(1, frame))).toMatchObject({ ...evict(4), client: X });
  }
  expect(node.proposals).toEqual([]);
});
