import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loginBody, RawClient } from '../helpers/raw-client.js';
import { Reader, text8, u32, u64 } from './hand/bytes.js';
import { type HandClient, until } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readClients, readPoll, readStream, readTopic } from './hand/replies.js';
import {
  code,
  ident,
  optionText,
  partitionsBody,
  place,
  pollBody,
  segmentsBody,
  sendBody,
  storeBody,
  streamBody,
  topicBody,
} from './hand/requests.js';

const edge = { reads: 1, stream: 'edge', topic: 't', partition: 0 } as const;

interface Answer {
  readonly status: number;
  readonly id: bigint;
  readonly payload: Buffer;
}

/** A connection that speaks frames of 16 bytes of header. */
class Correlated {
  readonly socket: Socket;
  readonly answers: Answer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('close', () => {
      this.isClosed = true;
    });
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
  }

  static async dial(port: number): Promise<Correlated> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Correlated(socket);
  }

  static frame(commandCode: number, id: bigint, body: Uint8Array = Buffer.alloc(0)): Buffer {
    return Buffer.concat([u32(12 + body.length), u32(commandCode), u64(id), body]);
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** Answers to `count` requests; the order is the order of their arrival. */
  async take(count: number): Promise<Answer[]> {
    const isDone = () => this.answers.length >= count || this.isClosed;
    await until(
      async () => isDone(),
      (done) => done,
    );
    return this.answers.splice(0, count);
  }

  async ask(commandCode: number, id: bigint, body?: Uint8Array): Promise<Answer> {
    this.send(Correlated.frame(commandCode, id, body));
    const [answer] = await this.take(1);
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 16) {
      const length = this.#rest.readUInt32LE(4) + 8;
      if (this.#rest.length < length) return;
      const payload = this.#rest.subarray(16, length);
      const [status, id] = [this.#rest.readUInt32LE(), this.#rest.readBigUInt64LE(8)];
      this.answers.push({ status, id, payload });
      this.#rest = this.#rest.subarray(length);
    }
  }
}

describe('04 correlated frames', () => {
  let server: HandCluster;
  let root: HandClient;
  const port = () => server.cluster.nodes[0]?.ports.correlated ?? 0;

  beforeAll(async () => {
    server = await HandCluster.open({}, { correlatedPortBase: 0 });
    root = await server.root();
  });
  afterAll(() => server.stop());

  it('04-S98 a login answers the bare payload under its id', async () => {
    const client = await Correlated.dial(port());
    const wrong = await client.ask(40, 8n, loginBody('iggy', 'wrong'));
    expect(wrong).toEqual({ status: 42, id: 8n, payload: Buffer.alloc(0) });
    const answer = await client.ask(40, 9n, loginBody());
    expect(answer).toMatchObject({ status: 0, id: 9n });
    const r = new Reader(answer.payload);
    expect([r.u32(), r.count() > 0, r.u32(), r.text8().startsWith('iggyctl/'), r.isAtEnd]).toEqual([
      0,
      true,
      11_264,
      true,
      true,
    ]);
    const listed = readClients(await root.get(code.clients));
    expect(listed.map(({ address }) => address)).toContain(`127.0.0.1:${client.socket.localPort}`);
  });

  it('04-S99 requests of one segment are answered once each, mutations in order', async () => {
    const client = await Correlated.dial(port());
    await client.ask(40, 1n, loginBody());
    client.send(
      Correlated.frame(202, 2n, streamBody('first')),
      Correlated.frame(202, 3n, streamBody('second')),
    );
    const made = await client.take(2);
    const ids = new Map(made.map(({ id, payload }) => [id, readStream(payload).id]));
    expect(ids.get(3n)).toBe((ids.get(2n) ?? 0) + 1);
    await client.ask(302, 4n, topicBody('first', 't'));
    await client.ask(101, 5n, sendBody('first', 't', 0, ['before']));
    const poll = pollBody({ reads: 1, stream: 'first', topic: 't', partition: 0 });
    client.send(
      Correlated.frame(code.poll, 10n, poll),
      Correlated.frame(code.stats, 11n),
      Correlated.frame(101, 12n, sendBody('first', 't', 0, ['m'])),
      Correlated.frame(code.ping, 13n),
    );
    const answers = await client.take(4);
    expect(answers.map(({ id, status }) => [id, status]).toSorted()).toEqual([
      [10n, 0],
      [11n, 0],
      [12n, 0],
      [13n, 0],
    ]);
    const polled = answers.find(({ id }) => id === 10n)?.payload ?? Buffer.alloc(0);
    expect(readPoll(polled).texts[0]).toBe('before');
  });

  it('04-S100 before login little is served, and ids are unique while outstanding', async () => {
    const client = await Correlated.dial(port());
    const says = async (each: number, id: bigint) => (await client.ask(each, id)).status;
    expect(await says(1, 1n)).toBe(0);
    expect(await says(code.stats, 2n)).toBe(40);
    expect(await says(202, 3n)).toBe(40);
    expect(await says(60_000, 4n)).toBe(3);
    expect([await says(38, 5n), await says(44, 6n)]).toEqual([4, 4]);
    await client.ask(40, 7n, loginBody());
    client.send(
      Correlated.frame(202, 8n, streamBody('once')),
      Correlated.frame(202, 8n, streamBody('twice')),
    );
    const both = await client.take(2);
    expect(both.map(({ status }) => status).toSorted()).toEqual([0, 3]);
    expect((await root.get(code.streams)).toString()).not.toContain('twice');
    const short = Buffer.concat([u32(11), u32(1), u64(9n)]);
    client.send(short);
    await until(
      async () => client.isClosed,
      (closed) => closed,
    );
    expect(client.isClosed).toBe(true);
  });

  it('04-S101 frames of the other kind close their connection, and nobody notices', async () => {
    const bystander = await Correlated.dial(port());
    await bystander.ask(40, 1n, loginBody());
    const wrong = await Correlated.dial(port());
    wrong.send(root.readFrame(code.stats));
    await until(
      async () => wrong.isClosed,
      (closed) => closed,
    );
    expect([wrong.isClosed, wrong.answers]).toEqual([true, []]);

    const raw = await RawClient.connect(server.port());
    raw.send(Buffer.concat([Correlated.frame(40, 1n, loginBody()), Buffer.alloc(256)]));
    await raw.waitClosed();
    expect(raw.isClosed).toBe(true);
    expect((await bystander.ask(code.stats, 2n)).status).toBe(0);
    expect(await root.reads(code.stats)).toBe('ok');
  });

  it('gives every refusal as a status, whichever way it came, and payloads without a count', async () => {
    const client = await Correlated.dial(port());
    const token = Buffer.concat([u32(11_264), text8('raw'), text8('1'), text8('x'), u32(0)]);
    const rows: [label: string, command: number, body: Buffer, status: number][] = [
      ['a login that is none', 40, Buffer.from('junk'), 4],
      ['a version from elsewhere', 40, Buffer.concat([u32(1), loginBody().subarray(4)]), 14_003],
      ['a token nobody has', 45, token, 53],
      ['a mutation before login', 202, streamBody('edge'), 40],
      ['a login', 40, loginBody(), 0],
      ['a stream', 202, streamBody('edge'), 0],
      ['the same again', 202, streamBody('edge'), 1012],
      ['an option', 202, Buffer.concat([streamBody('x'), optionText('a', 'b')]), 4041],
      ['a topic', 302, topicBody('edge', 't', 2), 0],
      ['more topics than may be', 302, topicBody('edge', 'u', 1001), 2015],
      ['more partitions', 402, partitionsBody('edge', 't', 1), 0],
      ['segments', 503, segmentsBody('edge', 't', 0, 1), 0],
      ['segments of nothing', 503, segmentsBody('edge', 't', 9, 1), 3007],
      ['a missing topic', 303, place('edge', 'no'), 2010],
      ['half a body', 303, place('edge'), 3],
      ['a send to nowhere', 101, sendBody('edge', 'no', 0, ['m']), 20],
      ['a damaged message', 101, sendBody('edge', 't', 0, ['m'], { flaw: 'frame' }), 4027],
      ['an offset of nothing', 121, storeBody(edge, 0), 4100],
      ['a poll of nothing', code.poll, pollBody({ ...edge, stream: 'no' }), 1009],
      ['a group that is missing', 604, place('edge', 't', 'no'), 5000],
      ['a flush', code.flush, Buffer.alloc(0), 5],
      ['the other login', 38, loginBody(), 4],
      ['a login again', 40, loginBody(), 0],
      ['what is left', 203, ident('edge'), 0],
      ['a logout', 39, Buffer.alloc(0), 0],
      ['anything after it', code.streams, Buffer.alloc(0), 40],
    ];
    const said: unknown[] = [];
    for (const [label, command, body] of rows) {
      const { status, payload } = await client.ask(command, 2n ** 64n - 1n, body);
      said.push([label, status]);
      if (status !== 0) expect([label, payload.length]).toEqual([label, 0]);
      if (label === 'a stream') expect(readStream(payload).name).toBe('edge');
      if (label === 'a topic') expect(readTopic(payload).list).toHaveLength(2);
      if (['more partitions', 'segments', 'what is left'].includes(label)) {
        expect([label, payload.length]).toEqual([label, 0]);
      }
    }
    expect(said).toEqual(rows.map(([label, , , status]) => [label, status]));
  });

  it('closes on lengths that cannot be', async () => {
    for (const length of [0, 11, 67_108_861, 4_294_967_295]) {
      const client = await Correlated.dial(port());
      client.send(Buffer.concat([u32(length), u32(1), u64(1)]));
      const ended = await until(
        async () => client.isClosed,
        (closed) => closed,
      );
      expect([length, ended, client.answers]).toEqual([length, true, []]);
    }
  });
});
