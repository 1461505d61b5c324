import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LocalCluster, type LocalClusterOptions } from '../../src/cluster/index.js';
import { goldenFrame } from '../helpers/golden-frames.js';
import { operation, RawClient, readReply, requestFrame } from '../helpers/raw-client.js';
import { hashing } from '../helpers/remembered-hashing.js';

const clusters: LocalCluster[] = [];
const pem = (name: string) =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

afterEach(() => Promise.all(clusters.splice(0).map((cluster) => cluster.stop())));

async function start(options: Partial<LocalClusterOptions>): Promise<LocalCluster> {
  const cluster = await LocalCluster.start({
    hashing,
    nodes: 1,
    ephemeral: true,
    portBase: 0,
    ...options,
  });
  clusters.push(cluster);
  return cluster;
}

const port = (cluster: LocalCluster) => cluster.nodes[0]?.ports.tcp ?? 0;
const login = () => goldenFrame(operation.register);

/** Reply of get_cluster_metadata, read by offsets. */
function readRoster(body: Buffer) {
  let at = 0;
  const text = () => {
    const length = body.readUInt32LE(at);
    at += 4 + length;
    return body.toString('utf8', at - length, at);
  };
  const name = text();
  const count = body.readUInt32LE(at);
  at += 4;
  const nodes = Array.from({ length: count }, () => {
    const [node, ip] = [text(), text()];
    const ports = [0, 2, 4, 6].map((offset) => body.readUInt16LE(at + offset));
    const [role, status] = [body[at + 8], body[at + 9]];
    at += 10;
    return { node, ip, tcp: ports[0], quic: ports[1], http: ports[2], ws: ports[3], role, status };
  });
  return { name, nodes };
}

async function roster(cluster: LocalCluster, node = 0) {
  const client = await RawClient.connect(cluster.nodes[node]?.ports.tcp ?? 0);
  await client.askPatiently(login());
  const reply = await client.ask(
    requestFrame({ operation: operation.nonReplicated, code: 12, request: 1 }),
  );
  client.close();
  return readRoster(reply.body);
}

describe('transports', () => {
  it('speaks TLS on the client ports when it has a certificate', async () => {
    const cluster = await start({ tls: { cert: pem('server.pem'), key: pem('server.key') } });
    const socket = connectTls({
      port: port(cluster),
      host: '127.0.0.1',
      ca: pem('ca.pem'),
      servername: 'localhost',
    });
    await once(socket, 'secureConnect');

    socket.write(login());
    const [answer] = await once(socket, 'data');
    expect(readReply(answer as Buffer)).toMatchObject({ command: 'reply', result: 0 });
    socket.destroy();

    const plain = await RawClient.connect(port(cluster));
    plain.send(login());
    await plain.waitClosed();
  });

  it('speaks WebSocket, one message per frame, and announces the port', async () => {
    const cluster = await start({
      settings: [{ name: 'websocket.port', value: '0', origin: 'test' }],
    });
    const wsPort = cluster.nodes[0]?.ports.websocket ?? 0;
    const socket = new WebSocket(`ws://127.0.0.1:${wsPort}/`);
    await once(socket, 'open');

    socket.send(login());
    const [answer] = await once(socket, 'message');
    expect(readReply(answer as Buffer)).toMatchObject({
      command: 'reply',
      operation: 1,
      result: 0,
    });
    socket.close();
    expect((await roster(cluster)).nodes[0]).toMatchObject({ ws: wsPort });
  });

  it('takes a WebSocket message for one whole frame, however it is cut, or closes', async () => {
    const cluster = await start({
      settings: [{ name: 'websocket.port', value: '0', origin: 'test' }],
    });
    const open = async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${cluster.nodes[0]?.ports.websocket ?? 0}/`);
      await once(socket, 'open');
      return socket;
    };
    const ping = () => requestFrame({ operation: operation.nonReplicated, code: 1 });
    const changed = (at: number, value: number) => {
      const frame = ping();
      frame[at] = value;
      return frame;
    };
    const good = await open();
    const answer = async () => readReply((await once(good, 'message'))[0] as Buffer);
    good.send(ping().subarray(0, 10), { fin: false });
    good.send(ping().subarray(10), { fin: true });
    expect(await answer()).toMatchObject({ command: 'reply', status: 0 });

    const bad: [string, Buffer | string][] = [
      ['two frames', Buffer.concat([ping(), ping()])],
      ['half a frame', ping().subarray(0, 200)],
      ['a byte more', Buffer.concat([ping(), Buffer.alloc(1)])],
      ['nothing', Buffer.alloc(0)],
      ['text', ping().toString('latin1')],
      ['a size that is another', changed(48, 1)],
      ['a command that is none', changed(60, 30)],
    ];
    for (const [label, message] of bad) {
      const socket = await open();
      socket.send(message);
      await once(socket, 'close');
      good.send(ping());
      expect([label, (await answer()).status]).toEqual([label, 0]);
    }
    // Within the limit of a frame, but not of a fragment.
    const large = requestFrame({
      ...{ operation: operation.nonReplicated, code: 1, body: Buffer.alloc(16 * 1024 * 1024) },
    });
    const whole = await open();
    whole.on('error', () => undefined);
    whole.send(large, () => undefined);
    await once(whole, 'close');
    good.send(large.subarray(0, 256), { fin: false });
    good.send(large.subarray(256), { fin: true });
    expect(await answer()).toMatchObject({ command: 'reply', status: 0 });
    good.ping('still there');
    expect(String((await once(good, 'pong'))[0])).toBe('still there');
    good.send(changed(60, 9));
    good.send(ping());
    expect(await answer()).toMatchObject({ command: 'reply', status: 0 });
    good.terminate();
  });

  it('speaks correlated frames on a port of their own', async () => {
    const cluster = await start({ correlatedPortBase: 0 });
    const correlated = cluster.nodes[0]?.ports.correlated ?? 0;
    expect(cluster.readyRecord().nodes[0]).toMatchObject({ correlated });
    const client = await RawClient.connect(correlated);
    const received: Buffer[] = [];
    client.socket.removeAllListeners('data');
    client.socket.on('data', (chunk: Buffer) => received.push(chunk));

    // A ping with request id 7.
    client.send(Buffer.from('0c000000010000000700000000000000', 'hex'));
    while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(Buffer.concat(received).toString('hex')).toBe('00000000080000000700000000000000');
    client.close();
  });
});

describe('the announced roster', () => {
  it('04-S66 names a lone node as a single server does, with the port that is really bound', async () => {
    const cluster = await start({});

    expect(await roster(cluster)).toEqual({
      name: 'single-node',
      nodes: [
        {
          node: 'iggy-node',
          ip: '127.0.0.1',
          tcp: port(cluster),
          quic: 0,
          http: 0,
          ws: 0,
          role: 0,
          status: 0,
        },
      ],
    });
  });

  it('04-S67 names the nodes of a cluster, real ports and one leader, the same on every node', async () => {
    const cluster = await start({ nodes: 2, name: 'pair' });
    const seen = await roster(cluster, 0);

    expect(seen.name).toBe('pair');
    expect(seen.nodes.map(({ node, tcp, role }) => ({ node, tcp, role }))).toEqual([
      { node: 'node-0', tcp: cluster.nodes[0]?.ports.tcp, role: 0 },
      { node: 'node-1', tcp: cluster.nodes[1]?.ports.tcp, role: 1 },
    ]);
    expect(await roster(cluster, 1)).toEqual(seen);
  });

  it('announces what the settings say instead', async () => {
    const cluster = await start({
      nodes: 2,
      settings: [
        { name: 'advertise.host', value: 'iggy.example', origin: 'test' },
        { name: 'advertise.tcp', value: '9000', origin: 'test' },
      ],
    });

    expect((await roster(cluster)).nodes).toMatchObject([
      { ip: 'iggy.example', tcp: 9000 },
      { ip: 'iggy.example', tcp: 9001 },
    ]);
  });
});

describe('the snapshot command', () => {
  it('collects the sections that were asked for in an archive', async () => {
    const cluster = await start({});
    const client = await RawClient.connect(port(cluster));
    await client.askPatiently(login());
    const reply = await client.ask(
      requestFrame({
        operation: operation.nonReplicated,
        code: 11,
        request: 1,
        body: Buffer.from([1, 3, 1, 4, 6]),
      }),
    );
    client.close();

    expect(reply.status).toBe(0);
    expect(reply.body.readUInt32LE(0)).toBe(0x0403_4b50);
    const text = reply.body.toString('latin1');
    for (const part of [
      'filesystem_overview.txt',
      'metadata/journal.wal',
      'test.txt',
      'server_config.txt',
      'partition.ack = fsync',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('process_list');
  });
});
