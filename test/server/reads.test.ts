import { describe, expect, test, vi } from 'vitest';
import { encodeUtf8 } from '../../src/base/index.js';
import type { RosterConfig, RosterNode } from '../../src/server/index.js';
import {
  commands,
  frameSizeMax,
  headerSize,
  Operation,
  parseFrameAs,
} from '../../src/wire/index.js';
import { answerOf, evict, ok, payloadOf, status } from './harness/answers.js';
import { commandFrame, loginFrame, readFrame, X } from './harness/requests.js';
import { only, ScriptNode } from './harness/script-node.js';

function bound(config = {}): ScriptNode {
  const node = new ScriptNode(config);
  node.open(1);
  node.login(1, loginFrame(), 9);
  return node;
}

/** Logs in on connection 2 as a new user without any right. */
function asNobody(node: ScriptNode): void {
  const name = encodeUtf8('nobody');
  const hash = encodeUtf8('phc:secret');
  node.machine.apply({
    op: 1,
    operation: Operation.CreateUser,
    client: 1n,
    userId: 0,
    request: 1n,
    timestamp: 1,
    body: Uint8Array.of(name.length, ...name, hash.length, ...hash, 1, 0),
  });
  node.open(2);
  node.login(2, loginFrame({ client: 5n, username: 'nobody', password: 'secret' }), 15);
}

describe('reads', () => {
  test('echo the request and tell the commit position', () => {
    const node = bound();
    const frame = node.ask(
      1,
      commandFrame('get_streams', {}, { session: 9, request: 44, client: 123n }),
    );

    expect(frame).toHaveLength(256);
    expect(parseFrameAs('Reply', frame).header).toMatchObject({
      client: 123n,
      op: 9n,
      commit: 10n,
      request: 44n,
      operation: Operation.NonReplicated,
      status: 0,
    });
  });

  test.each([
    ['04-S72 an unknown code', 60_000, 3],
    ['04-S73 a replicated command', 202, 5],
    ['04-S73 a partition command', 101, 5],
    ['the flush of unsaved buffers', 102, 5],
  ])('%s is refused', (_name, code, expected) => {
    const frame = bound().ask(1, readFrame(code, undefined, { session: 9, request: 2 }));

    expect(answerOf(frame)).toMatchObject(status(expected));
    expect(parseFrameAs('Reply', frame).header).toMatchObject({ client: X, op: 9n, commit: 10n });
  });

  test('a known code without a handler succeeds with nothing', () => {
    expect(answerOf(bound().ask(1, readFrame(39)))).toMatchObject({
      kind: 'ok',
      payload: new Uint8Array(0),
    });
  });

  test('04-S69 04-S74 before login every one but ping gets 40 and hides the commit position', () => {
    const node = new ScriptNode();
    node.open(6);
    for (const code of [10, 12, 13, 20, 22, 31, 100, 120, 200, 201, 606, 60_000]) {
      const frame = node.ask(6, readFrame(code, undefined, { request: 3 }));
      expect(answerOf(frame)).toMatchObject(status(40));
      expect(parseFrameAs('Reply', frame).header).toMatchObject({
        client: 6n,
        op: 0n,
        commit: 0n,
        request: 3n,
      });
    }
  });

  test('04-S75 figures of the server need a right, the own account does not', () => {
    const node = bound();
    asNobody(node);
    for (const code of [10, 21, 22]) {
      expect(answerOf(node.ask(2, readFrame(code)))).toMatchObject(status(41));
    }
    const snapshot = { compression: 1, snapshot_types: [4] } as const;
    expect(answerOf(node.ask(2, commandFrame('get_snapshot', snapshot)))).toMatchObject(status(41));
    expect(answerOf(node.ask(2, commandFrame('get_users', {})))).toMatchObject(status(41));
    expect(answerOf(node.ask(2, commandFrame('get_user', { user_id: 'nobody' })))).toMatchObject(
      ok,
    );
  });

  test('stats tell the process, the metadata and the connections', () => {
    const node = bound();
    node.open(2);

    expect(payloadOf(commands.get_stats.response, node.ask(1, readFrame(10)))).toMatchObject({
      process_id: 42,
      clients_count: 2,
      streams_count: 0,
      iggy_server_version: 'iggyctl/0.0.0-test',
      iggy_server_semver: 9000,
      cache_metrics: [],
      hostname: 'host',
      total_disk_space: 20n,
    });
  });

  test('options are described for topics and are none for streams', () => {
    const node = bound();
    const topic = node.ask(1, commandFrame('describe_options', { scope: 1 }));
    expect(payloadOf(commands.describe_options.response, topic).entries).toHaveLength(8);
    const stream = node.ask(1, commandFrame('describe_options', { scope: 2 }));
    expect(payloadOf(commands.describe_options.response, stream).entries).toEqual([]);
    expect(answerOf(node.ask(1, readFrame(13, Uint8Array.of(9))))).toMatchObject(status(3));
  });

  test('a list that outgrew the largest frame is status 10000, and the session lives on', () => {
    const node = bound();
    const read = vi.spyOn(node.machine, 'read');
    const largest = frameSizeMax - headerSize;
    read.mockReturnValueOnce({ status: 0, body: new Uint8Array(largest + 1) });
    expect(answerOf(node.ask(1, commandFrame('get_streams', {})))).toMatchObject(status(10_000));
    expect(node.closed).toEqual(new Set());

    read.mockReturnValueOnce({ status: 0, body: new Uint8Array(largest) });
    expect(node.ask(1, commandFrame('get_streams', {}))).toHaveLength(frameSizeMax);
    read.mockRestore();
    expect(answerOf(node.ask(1, commandFrame('get_streams', {})))).toMatchObject(ok);
  });

  test('the list of more connections than fit into a frame is status 10000', () => {
    const node = bound();
    const address = `${'a'.repeat(65_000)}:1`;
    for (let id = 2; id < 1_040; id++) node.open(id, 'consensus', address);

    expect(answerOf(node.ask(1, readFrame(22)))).toMatchObject(status(10_000));
    expect(answerOf(node.ask(1, readFrame(20)))).toMatchObject(ok);
  });
});

describe('linearizable reads', () => {
  const streams = commandFrame('get_streams', {}, { consistency: 1 });

  test('wait for a confirmed read point and are answered then', () => {
    const node = bound();
    expect(node.send(1, streams)).toEqual([]);
    const { token } = only(node.reads);
    node.step({ kind: 'read-outcome', token, code: 0, now: node.now });

    expect(node.taken(1).map(answerOf)).toMatchObject([ok]);
  });

  test.each([57, 58])('a point that is not confirmed is status %i', (code) => {
    const node = bound();
    node.send(1, streams);
    node.step({ kind: 'read-outcome', token: only(node.reads).token, code, now: node.now });

    expect(node.taken(1).map(answerOf)).toMatchObject([status(code)]);
  });

  test('codes without a confirmed form ignore the wish, other values are refused', () => {
    const node = bound();

    expect(answerOf(node.ask(1, readFrame(20, undefined, { consistency: 1 })))).toMatchObject(ok);
    expect(answerOf(node.ask(1, readFrame(201, undefined, { consistency: 2 })))).toMatchObject(
      status(3),
    );
  });

  test('a session that was lost while waiting is not answered from', () => {
    const node = bound();
    node.send(1, streams);
    node.sessions.set(X, { epoch: 99, userId: 0, watermark: 0n, origin: 9 });
    node.step({ kind: 'read-outcome', token: only(node.reads).token, code: 0, now: node.now });

    expect(node.taken(1).map(answerOf)).toMatchObject([evict(7)]);
  });
});

describe('the snapshot file', () => {
  const ask = (compression: 1 | 2, snapshot_types: readonly number[]) =>
    readFrame(11, Uint8Array.of(compression, snapshot_types.length, ...snapshot_types));

  test('is collected by the host and sent as it is', () => {
    const node = bound();
    expect(node.send(1, ask(2, [4, 4, 6]))).toEqual([]);
    const { job, request } = only(node.collections);
    expect(request).toEqual({ compression: 2, sections: [4, 6] });
    const archive = Uint8Array.of(80, 75);
    node.step({ kind: 'snapshot-collected', job, archive, now: node.now });

    expect(node.taken(1).map(answerOf)).toMatchObject([{ kind: 'ok', payload: archive }]);
  });

  test('all stands for every section but test, alone', () => {
    const node = bound();
    node.send(1, ask(1, [100]));

    expect(only(node.collections).request.sections).toEqual([1, 2, 3, 5, 6]);
    node.open(2);
    node.login(2, loginFrame({ client: 8n }), 12);
    expect(answerOf(node.ask(2, ask(1, [100, 4])))).toMatchObject(status(3));
    expect(answerOf(node.ask(2, ask(1, [7])))).toMatchObject(status(3));
    expect(answerOf(node.ask(2, ask(1, [4])))).toMatchObject(status(9000));
  });

  test.each([[undefined], [new Uint8Array(64 * 1024 * 1024 - 255)]])(
    'one that failed or is too large is 9000, and the next may start',
    (archive) => {
      const node = bound();
      node.send(1, ask(1, [4]));
      const { job } = only(node.collections.splice(0));
      node.step({ kind: 'snapshot-collected', job, archive, now: node.now });

      expect(node.taken(1).map(answerOf)).toMatchObject([status(9000)]);
      node.send(1, ask(1, []));
      expect(only(node.collections).request.sections).toEqual([]);
    },
  );
});

describe('cluster metadata', () => {
  const member = (replica: number, extra: Partial<RosterNode> = {}): RosterNode => ({
    name: `node-${replica}`,
    replica,
    host: '127.0.0.1',
    tcp: 8090 + replica,
    quic: 0,
    http: 0,
    websocket: 0,
    ...extra,
  });
  const three: RosterConfig = { clusterName: 'demo', nodes: [0, 1, 2].map((id) => member(id)) };
  const read = (node: ScriptNode) =>
    payloadOf(commands.get_cluster_metadata.response, node.ask(1, readFrame(12)));

  test('04-S67 marks the replica that leads the view, by its id', () => {
    const roster = { ...three, nodes: [...three.nodes].reverse() };
    const node = bound({ roster });

    expect(read(node).nodes.map(({ name, role }) => [name, role])).toEqual([
      ['node-2', 1],
      ['node-1', 1],
      ['node-0', 0],
    ]);
  });

  test('marks nobody during an election or when the leadership was given up', () => {
    const node = bound({ roster: three });
    node.status.status = 'view-change';
    expect(read(node).nodes.map(({ role }) => role)).toEqual([1, 1, 1]);
    Object.assign(node.status, { status: 'normal', isActingPrimary: false, hasCeded: true });

    expect(read(node).nodes.map(({ role }) => role)).toEqual([1, 1, 1]);
  });

  test('04-S66 04-S102 a lone node leads whatever its status', () => {
    const alone = member(0, { name: 'iggy-node', quic: 8080, http: 3000, websocket: 8092 });
    const node = bound({
      nodeCount: 1,
      roster: { clusterName: 'single-node', nodes: [alone] },
    });
    node.status.status = 'recovering';

    expect(read(node)).toEqual({
      name: 'single-node',
      nodes: [
        {
          name: 'iggy-node',
          ip: '127.0.0.1',
          tcp: 8090,
          quic: 8080,
          http: 3000,
          websocket: 8092,
          role: 0,
          status: 0,
        },
      ],
    });
  });

  test.each([
    ['the most specific network wins', '10.1.2.3:77', 'narrow.example'],
    ['any network beats none', '10.9.9.9:77', 'wide.example'],
    ['an IPv4 address inside IPv6 counts as IPv4', '[::ffff:10.9.9.9]:77', 'wide.example'],
    ['without a network the advertised host', '192.0.2.1:77', 'public.example'],
  ])('04-S68 %s', (_name, address, expected) => {
    const selectors = [
      { cidr: '10.0.0.0/8', address: 'WIDE.example' },
      { cidr: '10.1.0.0/16', address: 'narrow.example' },
      { cidr: 'nonsense', address: 'never' },
    ];
    const roster = {
      clusterName: 'c',
      nodes: [member(0, { selectors, advertisedHost: 'public.example' })],
    };
    const node = new ScriptNode({ roster });
    node.open(1, 'consensus', address);
    node.login(1, loginFrame(), 9);

    expect(read(node).nodes.map(({ ip }) => ip)).toEqual([expected]);
  });

  test.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '127.0.0.1'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['NODE.Example', 'node.example'],
    ['node_1!', 'node_1!'],
  ])('announces the host %s as %s', (host, expected) => {
    const node = bound({ roster: { clusterName: 'c', nodes: [member(0, { host })] } });

    expect(read(node).nodes.map(({ ip }) => ip)).toEqual([expected]);
  });
});

test('a poll that does not decode is status 3', () => {
  const node = bound();

  for (const code of [100, 120, 606]) {
    expect(answerOf(node.ask(1, readFrame(code, Uint8Array.of(1))))).toMatchObject(status(3));
  }
});
