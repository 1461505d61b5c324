import { afterEach, describe, expect, test } from 'vitest';
import { type ClientOptions, IggyClient } from '../../src/client/index.js';
import { readText } from '../helpers/package-files.js';
import { op, reply, roster } from '../helpers/scripted-frames.js';
import {
  answerWell,
  type Script,
  ScriptedServer,
  type ScriptedTransport,
} from '../helpers/scripted-server.js';

const servers: ScriptedServer[] = [];
const clients: IggyClient[] = [];
const ca = readText('test/fixtures/tls/ca.pem');

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(transport: ScriptedTransport, script?: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script, transport);
  servers.push(server);
  return server;
}

function clientOf(server: ScriptedServer, options: ClientOptions): IggyClient {
  const client = new IggyClient({
    servers: [server.address],
    credentials: { username: 'iggy', password: 'iggy' },
    reconnect: { maxRetries: 0 },
    heartbeatMillis: 0,
    ...options,
  });
  clients.push(client);
  return client;
}

describe('TLS', () => {
  test('encrypts, and checks the name and the authority', async () => {
    const server = await serve({ tls: true });
    const client = clientOf(server, { tls: { ca } });
    await client.connect();
    expect(await client.streams.create('orders')).toMatchObject({ name: 'orders' });
    const named = clientOf(server, { tls: { ca, serverName: 'iggy.test' } });
    await named.connect();
  });

  test('reads the authority from a file', async () => {
    const server = await serve({ tls: true });
    await clientOf(server, { tls: { caFile: 'test/fixtures/tls/ca.pem' } }).connect();
    await expect(
      clientOf(server, { tls: { caFile: 'test/fixtures/tls/none.pem' } }).connect(),
    ).rejects.toMatchObject({ code: 'CONNECTION_FAILED', message: /ENOENT/ });
  });

  test('refuses a server of an unknown authority, unless told otherwise', async () => {
    const server = await serve({ tls: true });
    await expect(clientOf(server, { tls: true }).connect()).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
    });
    await clientOf(server, { tls: { insecure: true } }).connect();
  });

  test('refuses a certificate for another name', async () => {
    const server = await serve({ tls: true });
    await expect(
      clientOf(server, { tls: { ca, serverName: 'elsewhere.test' } }).connect(),
    ).rejects.toMatchObject({ message: /ERR_TLS_CERT_ALTNAME_INVALID/ });
  });

  test('a plain server fails the handshake', async () => {
    const server = await serve({});
    await expect(
      clientOf(server, { tls: { ca }, dialTimeoutMillis: 300 }).connect(),
    ).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  });
});

describe('WebSocket', () => {
  test('sends one frame per message', async () => {
    const server = await serve({ websocket: true });
    const client = clientOf(server, { transport: 'ws' });
    await client.connect();
    await client.ping();
    expect(await client.streams.create('orders')).toMatchObject({ name: 'orders' });
    expect(server.requests.every((r) => r.bytes.length === r.bytes.readUInt32LE(48))).toBe(true);
  });

  test('follows the leader to its WebSocket port, and never to port 0', async () => {
    const leader = await serve({ websocket: true });
    const script: Script = (r) =>
      r.operation === op.nonReplicated && r.code === 12
        ? reply(r, {
            body: roster([{ tcp: 1, websocket: leader.port, leader: true }, { tcp: 2 }]),
          })
        : answerWell(r);
    leader.script = script;
    const follower = await serve({ websocket: true }, script);
    const client = clientOf(follower, { transport: 'ws' });
    await client.connect();
    expect(client.session.endpoint?.port).toBe(leader.port);
    follower.script = (r) =>
      r.code === 12
        ? reply(r, { body: roster([{ tcp: 1, leader: true }, { tcp: 2 }]) })
        : answerWell(r);
    const other = clientOf(follower, { transport: 'ws', timeoutMillis: 20_000 });
    const connecting = other.connect();
    await expect
      .poll(() => follower.requests.filter((r) => r.code === 12).length)
      .toBeGreaterThan(2);
    follower.script = script;
    await connecting;
    expect(other.session.endpoint?.port).toBe(leader.port);
  });

  test('comes back after the server dropped the connection', async () => {
    const server = await serve({ websocket: true }, (r, connection) => {
      if (r.code === 201 && connection.number === 0) {
        connection.cut();
        return undefined;
      }
      return answerWell(r);
    });
    const client = clientOf(server, {
      transport: 'ws',
      reconnect: { intervalMillis: 10, reestablishAfterMillis: 0 },
    });
    await client.connect();
    expect(await client.streams.list()).toEqual([]);
    expect(server.connections).toHaveLength(2);
  });

  test('a refused connection is reported', async () => {
    const server = await ScriptedServer.start(answerWell);
    const { address } = server;
    await server.stop();
    const client = new IggyClient({
      transport: 'ws',
      servers: [address],
      reconnect: { maxRetries: 0 },
    });
    clients.push(client);
    await expect(client.connect()).rejects.toMatchObject({ message: /ECONNREFUSED/ });
  });
});
