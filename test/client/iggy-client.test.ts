// The SDK over real sockets, against a server that answers with hand-written frames.
import { afterEach, describe, expect, test } from 'vitest';
import { type ClientOptions, IggyClient } from '../../src/client/index.js';
import {
  evict,
  loggedIn,
  ok,
  op,
  reply,
  result,
  roster,
  status,
  streamRecord,
} from '../helpers/scripted-frames.js';
import { answerWell, type Script, ScriptedServer } from '../helpers/scripted-server.js';

const servers: ScriptedServer[] = [];
const clients: IggyClient[] = [];
const credentials = { username: 'iggy', password: 'iggy' } as const;

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(script?: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  servers.push(server);
  return server;
}

function clientOf(server: ScriptedServer, options: ClientOptions = {}): IggyClient {
  const client = new IggyClient({
    servers: [server.address],
    credentials,
    heartbeatMillis: 0,
    reconnect: { intervalMillis: 20, reestablishAfterMillis: 0 },
    ...options,
  });
  clients.push(client);
  return client;
}

/** A script that answers well, except where `special` says something. */
function except(special: Script): Script {
  return (request, connection) => special(request, connection) ?? answerWell(request);
}

describe('logging in', () => {
  test('04-S2 registers a session and says what the server told', async () => {
    const server = await serve(
      except((r) =>
        r.operation === op.register
          ? loggedIn(r, {
              session: 42n,
              userId: 0,
              version: 'iggyctl/9',
              context: { watermark: 3n, origin: 7n },
            })
          : undefined,
      ),
    );
    const client = clientOf(server, { credentials: undefined as never });
    await client.connect();
    expect(client.state).toBe('connected');
    const signedIn = await client.login(credentials);
    expect(signedIn).toMatchObject({
      session: 42n,
      userId: 0,
      serverVersion: 'iggyctl/9',
      serverProtocolVersion: 11_264,
      resumed: false,
      entry: { watermark: 3n, origin: 7n },
    });
    const [register] = server.withOperation(op.register);
    expect(register).toMatchObject({ session: 0n, request: 0n });
    expect(register?.client).toBe(signedIn.clientId);
    expect(register?.body.subarray(0, 4)).toEqual(Buffer.from('002c0000', 'hex'));
    expect(register?.body.toString('latin1')).toContain('iggyctl/1;resume=1');
    expect(client.session.nextRequest).toBe(4n);
  });

  test('04-S3 reports a wrong password as 42, and the connection stays usable', async () => {
    let refuse = true;
    const server = await serve(
      except((r) => (r.operation === op.register && refuse ? evict(9) : undefined)),
    );
    const client = clientOf(server);
    await expect(client.connect()).rejects.toMatchObject({
      code: 'SESSION_EVICTED',
      reasonName: 'InvalidCredentials',
      protocolCode: 42,
    });
    refuse = false;
    await client.login(credentials);
    expect(client.state).toBe('authenticated');
    expect(server.connections).toHaveLength(1);
  });

  test('04-S8 names the window of accepted protocol versions', async () => {
    const server = await serve(() => evict(14, { max: 12_288, min: 11_264 }));
    await expect(clientOf(server).connect()).rejects.toMatchObject({
      protocolCode: 14_003,
      window: { min: '0.11.0', max: '0.12.0' },
    });
  });

  test('04-S16 reports a bad token as 53', async () => {
    const server = await serve(
      except((r) => (r.operation === op.register ? evict(10) : undefined)),
    );
    await expect(clientOf(server, { credentials: { token: 'x' } }).connect()).rejects.toMatchObject(
      { protocolCode: 53 },
    );
  });

  test('04-S6 reports an inactive user as 40', async () => {
    const server = await serve(
      except((r) => (r.operation === op.register ? evict(11) : undefined)),
    );
    await expect(clientOf(server).connect()).rejects.toMatchObject({ protocolCode: 40 });
  });

  test('04-S22 replays a login answered by 57 under the same client id', async () => {
    let left = 2;
    const server = await serve(
      except((r) => {
        if (r.operation !== op.register || left === 0) return undefined;
        left -= 1;
        return result(r, 57);
      }),
    );
    await clientOf(server).connect();
    const logins = server.withOperation(op.register);
    expect(logins).toHaveLength(3);
    expect(new Set(logins.map((r) => r.bytes.toString('hex'))).size).toBe(1);
  });

  test('refuses names and passwords of impossible length without sending them', async () => {
    const server = await serve();
    const client = clientOf(server);
    await client.connect();
    await expect(client.login({ username: 'ab', password: 'secret' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      protocolCode: 43,
    });
    await expect(
      client.login({ username: 'abc', password: 'p'.repeat(101) }),
    ).rejects.toMatchObject({ protocolCode: 44 });
    await expect(client.login({ token: '' })).rejects.toMatchObject({ protocolCode: 53 });
    await expect(client.login({ token: '\ud800' })).rejects.toThrow(/valid Unicode/);
    expect(() => new IggyClient({ credentials: { username: 'x', password: 'secret' } })).toThrow(
      /3 to 50 bytes/,
    );
    expect(server.withOperation(op.register)).toHaveLength(1);
  });

  test('shares one login between callers that all need it', async () => {
    const server = await serve();
    const client = clientOf(server);
    const connected = client.connect();
    await Promise.all([client.streams.list(), client.streams.list(), client.ping(), connected]);
    expect(server.withOperation(op.register)).toHaveLength(1);
  });
});

describe('commands', () => {
  test('create, get, list, update and delete streams', async () => {
    const server = await serve(
      except((r) => {
        if (r.code === 200) return reply(r, { body: streamRecord(7, 'orders') });
        if (r.code === 201) {
          return reply(r, { body: Buffer.concat([streamRecord(7, 'a'), streamRecord(8, 'b')]) });
        }
        return undefined;
      }),
    );
    const client = clientOf(server);
    await client.connect();
    expect(await client.streams.create('orders')).toMatchObject({ id: 1, name: 'orders' });
    expect(await client.streams.get('orders')).toMatchObject({ id: 7, topics: [] });
    expect((await client.streams.list()).map((each) => each.name)).toEqual(['a', 'b']);
    await client.streams.update(7, 'other');
    await client.streams.delete('other');
    const body = server.withOperation(op.createStream)[0]?.body;
    expect(body?.toString('hex')).toBe('066f7264657273');
    expect(server.withOperation(op.updateStream)[0]?.request).toBe(2n);
  });

  test('a missing stream is null', async () => {
    const client = clientOf(await serve());
    await client.connect();
    expect(await client.streams.get(99)).toBeNull();
  });

  test('04-S72 sends raw codes, and refuses the login codes here', async () => {
    const server = await serve(except((r) => (r.code === 60_000 ? status(r, 3) : undefined)));
    const client = clientOf(server);
    await client.connect();
    const answer = await client.request(1, new Uint8Array(0));
    expect(answer.payload).toHaveLength(0);
    await expect(client.request(60_000, new Uint8Array(0))).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      serverCode: 3,
      serverName: 'invalid_command',
    });
    const sent = server.requests.length;
    for (const code of [38, 39, 40, 44, 45]) {
      await expect(client.request(code, new Uint8Array(0))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        protocolCode: 3,
      });
    }
    expect(server.requests).toHaveLength(sent);
  });

  test('04-S74 fails commands without a login with 40, and pings', async () => {
    const server = await serve();
    const client = new IggyClient({ servers: [server.address], heartbeatMillis: 0 });
    clients.push(client);
    await client.connect();
    await client.ping();
    await expect(client.streams.list()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      protocolCode: 40,
    });
    await expect(client.streams.create('a')).rejects.toMatchObject({ protocolCode: 40 });
    expect(server.requests.map((r) => r.code)).toEqual([1]);
  });

  test('an error names the command, the node and the number', async () => {
    const server = await serve(
      except((r) => (r.operation === op.createStream ? result(r, 1012) : undefined)),
    );
    const client = clientOf(server);
    await client.connect();
    await expect(client.streams.create('a')).rejects.toMatchObject({
      message: expect.stringMatching(/stream\.create was refused: .*1012/),
      channel: 'result',
      request: { command: 'stream.create', node: server.address, request: 1n, retries: 0 },
    });
  });

  test('a linearizable read needs a server of this project', async () => {
    const official = clientOf(await serve());
    await official.connect();
    await expect(official.streams.list({ consistency: 'linearizable' })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
    const server = await serve(
      except((r) =>
        r.operation === op.register ? loggedIn(r, { version: 'iggyctl/0.1.0' }) : undefined,
      ),
    );
    const ours = clientOf(server, { consistency: 'linearizable' });
    await ours.connect();
    await ours.streams.list();
    expect(server.requests.at(-1)).toMatchObject({ code: 201, consistency: 1 });
  });
});

describe('connections', () => {
  test('calls before connect are refused, and after close', async () => {
    const server = await serve();
    const client = clientOf(server);
    await expect(client.ping()).rejects.toMatchObject({ code: 'NOT_CONNECTED', protocolCode: 61 });
    await client.connect();
    await client.close();
    expect(server.withOperation(op.logout)).toHaveLength(1);
    await expect(client.ping()).rejects.toMatchObject({ code: 'CLIENT_CLOSED', protocolCode: 63 });
  });

  test('a refused connection fails with the reason once its retries are used up', async () => {
    const server = await ScriptedServer.start();
    const { address } = server;
    await server.stop();
    const client = new IggyClient({
      servers: [address],
      reconnect: { maxRetries: 1, intervalMillis: 10 },
    });
    clients.push(client);
    await expect(client.connect()).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      protocolCode: 9,
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(client.state).toBe('disconnected');
  });

  test('tries the next seed when one does not answer', async () => {
    const gone = await ScriptedServer.start();
    const { address } = gone;
    await gone.stop();
    const server = await serve();
    const client = clientOf(server, { servers: [address, server.address] });
    await client.connect();
    expect(client.session.endpoint?.port).toBe(server.port);
  });

  test('04-S65 moves to the leader of the roster, with the same client id', async () => {
    const leader = await serve();
    const follower = await serve();
    const nodes = () => roster([{ tcp: leader.port, leader: true }, { tcp: follower.port }]);
    const script = except((r) =>
      r.code === 12 && r.operation === 2 ? reply(r, { body: nodes() }) : undefined,
    );
    leader.script = script;
    follower.script = script;
    const client = clientOf(follower);
    const moves: string[] = [];
    client.on('redirected', ({ to }) => moves.push(to));
    await client.connect();
    expect(moves).toEqual([leader.address]);
    expect(client.session.endpoint?.port).toBe(leader.port);
    expect(leader.withOperation(op.register)[0]?.client).toBe(
      follower.withOperation(op.register)[0]?.client,
    );
    const direct = clientOf(leader);
    direct.on('redirected', ({ to }) => moves.push(to));
    await direct.connect();
    expect(moves).toHaveLength(1);
  });

  test('stops following after three redirects', async () => {
    const a = await serve();
    const b = await serve();
    const pointTo = (other: ScriptedServer, self: ScriptedServer): Script =>
      except((r) =>
        r.code === 12 && r.operation === 2
          ? reply(r, { body: roster([{ tcp: other.port, leader: true }, { tcp: self.port }]) })
          : undefined,
      );
    a.script = pointTo(b, a);
    b.script = pointTo(a, b);
    const client = clientOf(a);
    const warnings: string[] = [];
    client.on('warning', ({ message }) => warnings.push(message));
    await client.connect();
    expect(a.connections.length + b.connections.length).toBe(4);
    expect(warnings[0]).toContain('redirects');
  });

  test('a lost connection is made again and the call goes on', async () => {
    const server = await serve(
      except((r, connection) => {
        if (r.code === 201 && connection.number === 0) {
          connection.cut();
          return Buffer.alloc(0);
        }
        return undefined;
      }),
    );
    const client = clientOf(server);
    await client.connect();
    expect(await client.streams.list()).toEqual([]);
    expect(server.connections).toHaveLength(2);
    expect(client.session.clientId).toBe(server.withOperation(op.register)[0]?.client);
  });

  test('04-S82 times out, closes the connection and works again afterwards', async () => {
    const server = await serve(
      except((r, connection) =>
        r.code === 201 && connection.number === 0 ? Buffer.alloc(0) : undefined,
      ),
    );
    const client = clientOf(server);
    await client.connect();
    await expect(client.streams.list({ timeoutMillis: 80 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      protocolCode: 8,
      stage: 'sent',
    });
    expect(await client.streams.list()).toEqual([]);
    expect(server.connections[0]?.isClosed).toBe(true);
  });

  test('a mutation without an answer says that its outcome is unknown', async () => {
    const server = await serve(
      except((r) => (r.operation === op.createStream ? Buffer.alloc(0) : undefined)),
    );
    const client = clientOf(server);
    await client.connect();
    await expect(client.streams.create('a', { timeoutMillis: 60 })).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      requestNumber: 1n,
      clientId: client.session.clientId,
      cause: { code: 'TIMEOUT' },
    });
  });

  test('an aborted call ends at once, and its late answer disturbs nobody', async () => {
    const held: (() => void)[] = [];
    const server = await serve(
      except((r, connection) => {
        if (r.code !== 201) return undefined;
        held.push(() => connection.write(reply(r, { body: streamRecord(1, 'late') })));
        return Buffer.alloc(0);
      }),
    );
    const client = clientOf(server);
    await client.connect();
    const abort = new AbortController();
    const listing = client.streams.list({ signal: abort.signal });
    await expect.poll(() => held.length).toBe(1);
    abort.abort(new Error('enough'));
    await expect(listing).rejects.toMatchObject({
      code: 'CANCELLED',
      stage: 'sent',
      cause: { message: 'enough' },
    });
    const pinging = client.ping();
    held[0]?.();
    await pinging;
    expect(server.connections).toHaveLength(1);
    const never = client.streams.list({ signal: AbortSignal.abort() });
    await expect(never).rejects.toMatchObject({ code: 'CANCELLED', stage: 'waiting' });
  });

  test('pings on its own, and tells', async () => {
    const server = await serve();
    const client = clientOf(server, { heartbeatMillis: 20 });
    const beats: boolean[] = [];
    client.on('heartbeat', ({ ok: isOk }) => beats.push(isOk));
    await client.connect();
    await expect.poll(() => beats.length).toBeGreaterThan(2);
    expect(beats).not.toContain(false);
  });

  test('shows every frame that is sent and received', async () => {
    const server = await serve();
    const client = clientOf(server, { followLeader: false });
    const frames: string[] = [];
    client.on('frame', ({ direction, bytes, node }) =>
      frames.push(`${direction} ${bytes[60]} ${bytes.length >= 256} ${node === server.address}`),
    );
    await client.connect();
    await client.ping();
    expect(frames).toEqual(['out 5', 'in 8', 'out 5', 'in 8'].map((each) => `${each} true true`));
  });

  test('disconnect fails what is open, and connect starts again', async () => {
    const server = await serve(except((r) => (r.code === 201 ? Buffer.alloc(0) : undefined)));
    const client = clientOf(server);
    await client.connect();
    const listing = client.streams.list();
    client.disconnect();
    await expect(listing).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(client.state).toBe('disconnected');
    await client.connect();
    await client.ping();
  });

  test('refuses broken options', () => {
    expect(() => new IggyClient({ servers: [] })).toThrow(/at least one server/);
    expect(() => new IggyClient({ servers: ['nowhere'] })).toThrow(/host:port/);
    expect(() => new IggyClient({ clientId: 0n })).toThrow(/client id/);
  });
});

describe('at most once', () => {
  test('04-S84 finishes a mutation whose answer was lost, over real sockets', async () => {
    let session = 9n;
    const server = await serve(
      except((r, connection) => {
        if (r.operation === op.register) {
          session += 1n;
          const context = { watermark: session === 10n ? 0n : 1n, origin: 10n };
          return loggedIn(r, { session, version: 'iggyctl/1', context });
        }
        if (r.operation === op.createStream && connection.number === 0) {
          connection.cut();
          return Buffer.alloc(0);
        }
        return undefined;
      }),
    );
    const client = clientOf(server);
    await client.connect();
    expect(await client.streams.create('orders')).toMatchObject({ id: 1 });
    const [first, second] = server.withOperation(op.createStream);
    expect(second).toMatchObject({ request: 1n, client: first?.client, session: 11n });
    expect(second?.body).toEqual(first?.body);
  });

  test('04-S85 does not guess with an official server', async () => {
    const server = await serve(
      except((r, connection) => {
        if (r.operation === op.createStream && connection.number === 0) connection.cut();
        return undefined;
      }),
    );
    const client = clientOf(server);
    await client.connect();
    await expect(client.streams.create('orders')).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      applied: undefined,
    });
    await client.streams.create('others');
    expect(server.withOperation(op.createStream).map((r) => r.request)).toEqual([1n, 2n]);
  });

  test('sends again when the caller says that twice is fine', async () => {
    const server = await serve(
      except((r, connection) => {
        if (r.operation === op.createStream && connection.number === 0) connection.cut();
        return undefined;
      }),
    );
    const client = clientOf(server);
    await client.connect();
    await client.streams.create('orders', { retry: 'ambiguous' });
    expect(server.withOperation(op.createStream).map((r) => r.request)).toEqual([1n, 1n]);
  });

  test('an empty reply to a delete is success with a result section only', async () => {
    const server = await serve(
      except((r) => (r.operation === op.deleteStream ? ok(r) : undefined)),
    );
    const client = clientOf(server);
    await client.connect();
    await client.streams.delete(1);
  });
});
