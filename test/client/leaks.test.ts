// What a client leaves behind: nothing, after it was closed; nothing that holds the process, while idle.
import { expect, test } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { ScriptedServer } from '../helpers/scripted-server.js';

/** Resources that keep this thread alive, by name. */
function counts(): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) found[name] = (found[name] ?? 0) + 1;
  return found;
}

test('closing lets go of sockets and timers, over and over', async () => {
  const server = await ScriptedServer.start();
  const before = counts();
  for (let i = 0; i < 20; i++) {
    const client = await IggyClient.connect({
      servers: [server.address],
      credentials: { username: 'iggy', password: 'iggy' },
    });
    await client.ping();
    await client.close();
  }
  await expect.poll(() => counts()['TCPSocketWrap'] ?? 0).toBe(before['TCPSocketWrap'] ?? 0);
  expect(counts()['Timeout'] ?? 0).toBeLessThanOrEqual((before['Timeout'] ?? 0) + 1);
  await server.stop();
});

test('an idle client holds the process by its socket only, not by a timer', async () => {
  const server = await ScriptedServer.start();
  const before = counts()['Timeout'] ?? 0;
  const clients = await Promise.all(
    Array.from({ length: 10 }, () =>
      IggyClient.connect({
        servers: [server.address],
        credentials: { username: 'iggy', password: 'iggy' },
        heartbeatMillis: 60_000,
      }),
    ),
  );
  // Timers that were unref'd are not counted.
  expect(counts()['Timeout'] ?? 0).toBeLessThanOrEqual(before + 1);
  for (const client of clients) client.destroy();
  await server.stop();
});

test('a client that waits for its server does not hold the process once nobody asks', async () => {
  const server = await ScriptedServer.start();
  const { address } = server;
  await server.stop();
  const before = counts()['Timeout'] ?? 0;
  const client = new IggyClient({ servers: [address], reconnect: { intervalMillis: 5_000 } });
  await expect(client.connect({ timeoutMillis: 50 })).rejects.toMatchObject({
    code: 'CONNECTION_FAILED',
  });
  expect(client.state).toBe('disconnected');
  expect(counts()['Timeout'] ?? 0).toBeLessThanOrEqual(before + 1);
  client.destroy();
});
