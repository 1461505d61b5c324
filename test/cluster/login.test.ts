import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../../src/cluster/index.js';
import { goldenFrame } from '../helpers/golden-frames.js';
import {
  loginBody,
  operation,
  RawClient,
  readLogin,
  requestFrame,
  stampOf,
  streamBody,
} from '../helpers/raw-client.js';

let cluster: LocalCluster;
const clients: RawClient[] = [];
let nextClient = 1;

beforeAll(async () => {
  cluster = await LocalCluster.start({ nodes: 3, ephemeral: true, portBase: 0 });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => cluster.stop());

async function dial(node: number): Promise<RawClient> {
  const client = await RawClient.connect(cluster.nodes[node]?.ports.tcp ?? 0);
  clients.push(client);
  return client;
}

const freshId = () => (nextClient++).toString(16).padStart(2, '0').repeat(16);
const primary = () => cluster.status().primary ?? 0;
const register = (client: string, body: Uint8Array = loginBody()) =>
  requestFrame({ operation: operation.register, client, body });

/** A connection to the primary with a session of its own. */
async function loggedIn(): Promise<{ client: RawClient; id: string; session: number }> {
  const client = await dial(primary());
  const id = freshId();
  return { client, id, session: await client.login(id) };
}

const createStream = (
  id: string,
  session: number,
  request: number,
  name: string,
  checksum = 0n,
): Buffer =>
  requestFrame({
    operation: operation.createStream,
    client: id,
    session,
    request,
    checksum,
    body: streamBody(name),
  });

describe('login over real sockets', () => {
  it("04-S02 04-S56 answers the official client's login frame on every node; sessions are commit ops and grow", async () => {
    const sessions: number[] = [];
    for (const node of [0, 1, 2]) {
      const client = await dial(node);
      const reply = await client.askPatiently(goldenFrame(operation.register));

      expect(reply).toMatchObject({ command: 'reply', operation: 1, status: 0, result: 0 });
      expect(reply.request).toBe(0n);
      const { userId, session } = readLogin(reply);
      expect(userId).toBe(0);
      expect(session).toBe(reply.op);
      expect(reply.commit).toBeGreaterThanOrEqual(reply.op);
      sessions.push(session);
    }
    expect(sessions).toEqual([...sessions].sort((a, b) => a - b));
    expect(new Set(sessions).size).toBe(3);
  });

  it('04-S01 04-S69 answers a ping before login, and a read with status 40 that tells no commit', async () => {
    const client = await dial(1);
    const read = (code: number) =>
      client.ask(requestFrame({ operation: operation.nonReplicated, code, request: 1 }));

    expect(await read(1)).toMatchObject({ command: 'reply', status: 0, body: Buffer.alloc(0) });
    expect(await read(12)).toMatchObject({ status: 40, op: 0, commit: 0 });
  });

  it('04-S03 04-S04 04-S07 refuses a wrong password and an unknown user alike, and lets the next try in', async () => {
    const client = await dial(primary());
    const id = freshId();

    expect(await client.ask(register(id, loginBody('iggy', 'wrong')))).toMatchObject({ reason: 9 });
    expect(await client.ask(register(id, loginBody('nobody', 'iggy')))).toMatchObject({
      reason: 9,
    });
    expect(await client.login(id)).toBeGreaterThan(0);
  });

  it('04-S58 refuses a wrong password at a backup without asking the primary', async () => {
    const backup = (primary() + 1) % 3;
    const client = await dial(backup);
    const end = cluster.bus.tap((_from, _to, frame) => forwarded.push(frame[60] ?? 0));
    const forwarded: number[] = [];

    expect(await client.ask(register(freshId(), loginBody('iggy', 'bad')))).toMatchObject({
      reason: 9,
    });
    end();
    expect(forwarded.filter((command) => command >= 26)).toEqual([]);
  });

  it('04-S08 04-S09 tells the protocol window and calls an empty login malformed', async () => {
    const client = await dial(primary());
    const old = loginBody();
    old.writeUInt32LE(0, 0);
    const refused = await client.ask(register(freshId(), old));

    expect(refused.reason).toBe(14);
    expect(refused.frame.readUInt32LE(144)).toBe(11_264);
    expect(refused.frame.readUInt32LE(148)).toBe(11_264);
    const empty = await client.ask(register(freshId(), Buffer.alloc(0)));
    expect(empty.reason).toBe(15);
    expect(empty.frame.readUInt32LE(144)).toBe(0);
  });

  it('04-S48 04-S49 ends a session with logout and lets the same connection log in again', async () => {
    const { client, id, session } = await loggedIn();
    const logout = requestFrame({ operation: operation.logout, client: id, session, request: 1 });

    expect(await client.ask(logout)).toMatchObject({ status: 0, body: Buffer.alloc(0) });
    expect(await client.ask(createStream(id, session, 2, 'after-logout'))).toMatchObject({
      reason: 1,
    });
    expect(await client.ask(logout)).toMatchObject({ status: 0 });
    expect(await client.login(id)).toBeGreaterThan(session);
  });
});

describe('registering twice', () => {
  it('04-S23 answers two login frames of one connection with the same session', async () => {
    const client = await dial(primary());
    const frame = register(freshId());
    client.send(Buffer.concat([frame, frame]));

    const first = readLogin(await client.receive());
    const second = readLogin(await client.receive());
    expect(second).toEqual(first);
  });

  it('04-S22 answers both of two connections that register one client at once', async () => {
    const [a, b] = [await dial(primary()), await dial(primary())];
    const frame = register(freshId());
    const replies = await Promise.all([a.ask(frame), b.ask(frame)]);

    for (const reply of replies) expect([0, 57]).toContain(reply.result);
    const settled = await Promise.all([a.askPatiently(frame), b.askPatiently(frame)]);
    for (const reply of settled) expect(reply.result).toBe(0);
  });

  it('04-S21 answers a register again on a new connection after its reply was thrown away', async () => {
    const frame = register(freshId());
    const lost = await dial(primary());
    lost.send(frame);
    await lost.receive();
    lost.close();

    const again = await dial(primary());
    const reply = await again.ask(frame);
    expect(reply.result).toBe(0);
    const third = await dial(primary());
    expect(readLogin(await third.ask(frame)).session).toBeGreaterThan(readLogin(reply).session);
  });

  it('04-S39 fences the older of two connections of one client', async () => {
    const { client: old, id, session } = await loggedIn();
    const newer = await dial(primary());
    const newSession = await newer.login(id);

    expect(newSession).toBeGreaterThan(session);
    const reply = await old.ask(createStream(id, session, 1, 'fenced'));
    expect([1, 7]).toContain(reply.reason);
    expect(await newer.ask(createStream(id, newSession, 1, 'not-fenced'))).toMatchObject({
      result: 0,
    });
  });
});

describe('requests that break a rule', () => {
  it('04-S13 answers what it can and closes on what it cannot, and lives', async () => {
    const { client, id, session } = await loggedIn();
    const asks: [string, Buffer, object][] = [
      [
        'Register with a session',
        requestFrame({ operation: 1, client: id, session: 1, body: loginBody() }),
        { status: 3 },
      ],
      ['session 0', createStream(id, 0, 1, 'x'), { status: 3 }],
      ['request 0', createStream(id, session, 0, 'x'), { status: 3 }],
      [
        'an unknown operation',
        requestFrame({ operation: 250, client: id, session, request: 1 }),
        { status: 3 },
      ],
      [
        'an internal operation',
        requestFrame({ operation: 70, client: id, session, request: 1 }),
        { reason: 4 },
      ],
      ['a wrong stamp', createStream(id, session, 1, 'x', 123n), { status: 4 }],
    ];
    for (const [what, frame, expected] of asks) {
      expect(await client.ask(frame), what).toMatchObject(expected);
    }

    const anonymous = await dial(primary());
    anonymous.send(createStream('00'.repeat(16), session, 1, 'x'));
    await anonymous.waitClosed();

    const name = `valid-${id.slice(0, 2)}`;
    const stamp = await stampOf(streamBody(name));
    expect(await client.ask(createStream(id, session, 1, name, stamp))).toMatchObject({
      command: 'reply',
      operation: 128,
      result: 0,
    });
  });

  it('04-S40 does not execute a mutation of a connection that never logged in', async () => {
    const { id, session } = await loggedIn();
    const stranger = await dial(primary());

    expect(await stranger.ask(createStream(id, session, 1, 'stolen'))).toMatchObject({ reason: 1 });
  });

  it.each([0, 255, 64 * 1024 * 1024 + 1, 0xffff_ffff])(
    'closes on a frame that claims %i bytes',
    async (size) => {
      const client = await dial(0);
      const frame = requestFrame({ operation: operation.nonReplicated, code: 1 });
      frame.writeUInt32LE(size, 48);
      client.send(frame);

      await client.waitClosed();
    },
  );
});

describe('replicated requests', () => {
  it('04-S27 04-S28 gives the byte-identical reply to a repeated request and executes it once', async () => {
    const { client, id, session } = await loggedIn();
    const frame = createStream(id, session, 1, 'only-once');
    const first = await client.ask(frame);
    const again = await client.ask(frame);

    expect(first.result).toBe(0);
    expect(again.frame.equals(first.frame)).toBe(true);
    expect(await client.ask(createStream(id, session, 2, 'only-once'))).toMatchObject({
      result: 1012,
    });
  });

  it('04-S64 refuses a mutation at a backup with 58', async () => {
    const backup = (primary() + 1) % 3;
    const client = await dial(backup);
    const id = freshId();
    const session = await client.login(id);

    expect(await client.ask(createStream(id, session, 1, 'at-backup'))).toMatchObject({
      result: 58,
    });
  });

  it('applies a created stream on all nodes', async () => {
    const { client, id, session } = await loggedIn();
    const { op } = await client.ask(createStream(id, session, 1, 'everywhere'));

    await cluster.waitFor(({ nodes }) => nodes.every(({ commit = 0 }) => commit >= op), 60_000);
  });

  it('keeps many requests of many connections apart', async () => {
    const sessions = await Promise.all(Array.from({ length: 8 }, () => loggedIn()));
    const replies = await Promise.all(
      sessions.map(async ({ client, id, session }) => {
        const ops: number[] = [];
        for (let request = 1; request <= 20; request++) {
          const name = `s-${id.slice(0, 4)}-${request}`;
          const reply = await client.askPatiently(createStream(id, session, request, name));
          expect(reply).toMatchObject({ result: 0, request: BigInt(request), client: id });
          ops.push(reply.op);
        }
        return ops;
      }),
    );

    const ops = replies.flat();
    expect(new Set(ops).size).toBe(160);
    for (const own of replies) expect(own).toEqual([...own].sort((a, b) => a - b));
  });
});
