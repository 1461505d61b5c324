import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginBody, operation, requestFrame } from '../helpers/raw-client.js';
import { hash64, ident, text8, u8, u32, u64 } from './hand/bytes.js';
import { HandClient, outcome } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readMe, readStreams } from './hand/replies.js';
import { code, op, place, sendBody, streamBody, topicBody } from './hand/requests.js';

const cat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

describe('04 edges of frames', () => {
  let server: HandCluster;
  let root: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open({}, { nodes: 3 });
    root = await server.root();
    await root.must(op.createStream, streamBody('s'));
    await root.must(op.createTopic, topicBody('s', 't'));
  });
  afterAll(() => server.stop());

  /** Outcome of a frame with some of its bytes changed. */
  async function changed(frame: Buffer, change: (frame: Buffer) => void): Promise<string> {
    const copy = Buffer.from(frame);
    change(copy);
    return outcome(await root.raw.ask(copy));
  }
  const names = async () => readStreams(await root.get(code.streams)).map(({ name }) => name);

  it('answers 3 to headers that no rule lets through, and goes on', async () => {
    const mutation = () => root.frame(op.createStream, streamBody('never'), 900);
    const set = (at: number, value: number) => (frame: Buffer) => void frame.writeUInt8(value, at);
    const zero = (at: number) => (frame: Buffer) => void frame.writeBigUInt64LE(0n, at);
    expect(await changed(mutation(), zero(168))).toBe('S 3');
    expect(await changed(mutation(), zero(184))).toBe('S 3');
    for (const unknown of [0, 4, 63, 150, 159, 163, 255]) {
      const said = await changed(mutation(), set(176, unknown));
      expect([unknown, said]).toEqual([unknown, 'S 3']);
    }
    const send = requestFrame({ operation: op.send, body: sendBody('s', 't', 0, ['x']) });
    expect(outcome(await root.raw.ask(send))).toBe('S 3');
    const register = requestFrame({ operation: operation.register, body: loginBody(), request: 1 });
    expect(outcome(await root.raw.ask(register))).toBe('S 3');
    const logout = requestFrame({ operation: operation.logout, session: 1, request: 0 });
    expect(outcome(await root.raw.ask(logout))).toBe('S 3');
    expect(await names()).toEqual(['s']);
  });

  it('refuses every operation that is not for clients with the same eviction', async () => {
    const client = await server.root();
    for (const internal of [64, 65, 66, 67, 68, 69, 127]) {
      const body = internal === 68 ? cat(place('s', 't'), u32(0), u64(5)) : Buffer.alloc(16);
      expect([internal, await client.does(internal, body)]).toEqual([internal, 'E 4']);
    }
  });

  it('closes what is no frame, and skips commands that are not for it', async () => {
    const ping = () => root.readFrame(code.ping);
    for (const command of [0, 1, 3, 6, 8, 9, 13, 14, 26, 29]) {
      const client = await server.dial();
      const frame = client.readFrame(code.ping);
      frame[60] = command;
      client.raw.send(frame);
      expect([command, await client.ping()]).toEqual([command, 'ok']);
    }
    const ends: [string, (frame: Buffer) => void][] = [
      ['command 30', (frame) => void frame.writeUInt8(30, 60)],
      ['command 255', (frame) => void frame.writeUInt8(255, 60)],
      ['size 255', (frame) => void frame.writeUInt32LE(255, 48)],
      ['size 0', (frame) => void frame.writeUInt32LE(0, 48)],
      ['size 64 MiB and 1', (frame) => void frame.writeUInt32LE(67_108_865, 48)],
      ['size 2^32-1', (frame) => void frame.writeUInt32LE(4_294_967_295, 48)],
      ['no client', (frame) => void frame.fill(0, 128, 144)],
    ];
    for (const [label, change] of ends) {
      const client = await server.dial();
      const frame = client.readFrame(code.ping);
      change(frame);
      client.raw.send(frame);
      await client.raw.waitClosed();
      expect([label, outcome(await root.raw.ask(ping()))]).toEqual([label, 'ok']);
    }
  });

  it('looks at all 128 bits of a stamp', async () => {
    const body = streamBody('stamped');
    const frame = root.frame(op.createStream, body, 901);
    expect(frame.readBigUInt64LE(144)).toBe(hash64(body));
    expect(await changed(frame, (bytes) => void bytes.writeUInt8(1, 159))).toBe('S 4');
    expect(await changed(frame, (bytes) => void bytes.writeUInt8(1, 257))).toBe('S 4');
    const read = requestFrame({ operation: 2, code: code.ping, checksum: 5n });
    expect(outcome(await root.raw.ask(read))).toBe('S 4');
    expect(await names()).not.toContain('stamped');
  });

  it('does not mind header bytes that say nothing to it', async () => {
    const frame = root.readFrame(code.me);
    const noise: [number, number][] = [
      [0, 128 - 80],
      [52, 60],
      [61, 128],
      [160, 168],
      [177, 184],
      [192, 196],
      [201, 256],
    ];
    for (const [from, to] of noise) {
      const noisy = Buffer.from(frame);
      noisy.fill(0xa5, from, to);
      const reply = await root.raw.ask(noisy);
      expect([from, outcome(reply)]).toEqual([from, 'ok']);
      expect(readMe(reply.body).user).toBe(0);
    }
    const asks = (way: number) => changed(frame, (bytes) => void bytes.writeUInt8(way, 200));
    expect([await asks(0), await asks(1), await asks(2)]).toEqual(['ok', 'ok', 'S 3']);
  });

  it('serves codes as they are meant, wherever they are put', async () => {
    const replicated = [33, 34, 35, 36, 37, 42, 43, 101, 121, 122, 202, 203, 204, 205, 302, 303];
    const more = [304, 305, 402, 403, 503, 602, 603, 604, 605, 102];
    for (const command of [...replicated, ...more]) {
      expect([command, await root.reads(command, streamBody('x'))]).toEqual([command, 'S 5']);
    }
    for (const command of [0, 2, 9, 14, 46, 99, 103, 123, 206, 607, 65_536, 4_294_967_295]) {
      expect([command, await root.reads(command)]).toEqual([command, 'S 3']);
    }
    expect(await root.get(39)).toEqual(Buffer.alloc(0));
    expect(await root.reads(code.me)).toBe('ok');
    const client = await server.root();
    for (const command of [38, 40, 44, 45]) {
      expect([command, await client.reads(command, loginBody())]).toEqual([command, 'E 15']);
    }
  });

  it('takes request numbers of all 64 bits', async () => {
    const client = await server.root();
    const next = (request: bigint) => {
      const body = streamBody(`n${request}`);
      const { id, session } = client;
      const fields = { operation: op.createStream, client: id, session, request, body };
      return client.raw.askPatiently(requestFrame({ ...fields, checksum: hash64(body) }));
    };
    const numbers = [2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n];
    for (const number of numbers) {
      const reply = await next(number);
      expect([number, outcome(reply), reply.request]).toEqual([number, 'ok', number]);
      expect((await next(number)).frame).toEqual(reply.frame);
    }
    expect(outcome(await next(1n))).toBe('R 59');
    expect(await names()).toEqual(['s', ...numbers.map((number) => `n${number}`)]);
    for (const number of numbers) await root.must(op.deleteStream, ident(`n${number}`));
  });

  it('takes any client id but those of the servers', async () => {
    const half = 'ff'.repeat(8);
    for (const [id, said] of [
      [`01${'00'.repeat(15)}`, 'ok'],
      [`${'00'.repeat(15)}01`, 'ok'],
      [`${half}${'00'.repeat(8)}`, 'ok'],
      [`${half}${'ff'.repeat(7)}fe`, 'ok'],
      [`${'00'.repeat(8)}${half}`, 'E 12'],
      ['ff'.repeat(16), 'E 12'],
    ] as const) {
      const client = await HandClient.dial(server.port(), id);
      const reply = await client.tryLogin();
      expect([id, outcome(reply)]).toEqual([id, said]);
      expect(reply.client).toBe(id);
      if (said === 'ok') {
        expect(await client.partitionSays(op.send, sendBody('s', 't', 0, ['x']))).toBe('ok');
      }
      client.close();
    }
  });

  it('reads logins to the last byte that counts', async () => {
    const version = (bits: number) => cat(u32(bits), text8('raw'), text8('1'));
    const user = cat(text8('iggy'), text8('iggy'));
    const context = (text: string) => cat(u32(text.length), Buffer.from(text));
    const rows: [string, Buffer, string][] = [
      ['no tail', version(11_264), 'E 15'],
      ['an SDK without a name', cat(u32(11_264), u8(0), text8('1'), user, u32(0)), 'E 15'],
      ['an SDK without a version', cat(u32(11_264), text8('a'), u8(0), user, u32(0)), 'E 15'],
      [
        'a name that is not UTF-8',
        cat(version(11_264), u8(1), u8(0xff), text8('iggy'), u32(0)),
        'E 15',
      ],
      ['no context', cat(version(11_264), user), 'E 15'],
      ['a context beyond the body', cat(version(11_264), user, u32(5), Buffer.from('ab')), 'E 15'],
      ['version 0.10.9', cat(version(10_249), user, u32(0)), 'E 14'],
      ['version 0.12.0', cat(version(12_288), user, u32(0)), 'E 14'],
      ['version 2^32-1', cat(version(4_294_967_295), user, u32(0)), 'E 14'],
      ['a wrong version before a wrong body', version(1), 'E 14'],
      ['version 0.11.1023', cat(version(12_287), user, u32(0)), 'ok'],
      ['a long context', cat(version(11_264), user, context('c'.repeat(70_000))), 'ok'],
      ['bytes behind', cat(version(11_264), user, u32(0), Buffer.from('junk')), 'ok'],
    ];
    for (const [label, body, said] of rows) {
      const client = await server.dial();
      expect([label, outcome(await client.register(body))]).toEqual([label, said]);
      expect([label, await client.ping()]).toEqual([label, 'ok']);
    }
  });
});
