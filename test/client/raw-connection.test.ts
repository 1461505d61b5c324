import { afterEach, expect, test } from 'vitest';
import { RawConnection } from '../../src/client/index.js';
import { ScriptedServer } from '../helpers/scripted-server.js';

const servers: ScriptedServer[] = [];
const connections: RawConnection[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function open() {
  const server = await ScriptedServer.start();
  servers.push(server);
  const connection = await RawConnection.open(server.address, { timeoutMillis: 200 });
  connections.push(connection);
  return { server, connection };
}

/** A ping as bytes. */
function ping(): Buffer {
  const frame = Buffer.alloc(256);
  frame.writeUInt32LE(256, 48);
  frame.writeUInt8(5, 60);
  frame.writeUInt8(9, 128);
  frame.writeUInt8(2, 176);
  frame.writeUInt32LE(1, 196);
  return frame;
}

test('sends bytes as they are and gives the frames that come back', async () => {
  const { connection } = await open();
  connection.send(Buffer.concat([ping(), ping()]));
  expect(await connection.next()).toHaveLength(256);
  expect((await connection.next())?.[60]).toBe(8);
});

test('tells silence from a close', async () => {
  const { server, connection } = await open();
  await expect(connection.next(20)).rejects.toMatchObject({ code: 'TIMEOUT' });
  const next = connection.next();
  server.connections[0]?.cut();
  expect(await next).toBeUndefined();
  expect(connection.closedBecause).toBeDefined();
  expect(() => connection.send(ping())).toThrow(/was lost/);
});

test('a frame of impossible size ends it', async () => {
  const { server, connection } = await open();
  await expect.poll(() => server.connections.length).toBe(1);
  server.connections[0]?.write(Buffer.alloc(256));
  expect(await connection.next()).toBeUndefined();
  expect(connection.closedBecause).toMatch(/frame of 0 bytes/);
});

test('says why it cannot be opened', async () => {
  const server = await ScriptedServer.start();
  const { address } = server;
  await server.stop();
  await expect(RawConnection.open(address)).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
  await expect(RawConnection.open('nowhere')).rejects.toThrow(/host:port/);
});
