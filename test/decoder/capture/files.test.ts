// Capture files of both formats, every link type, both byte orders.
import { describe, expect, it } from 'vitest';
import { decodeAll, type FrameJson } from '../../helpers/decoded.js';
import {
  type Captured,
  ipPacket,
  links,
  pcapFile,
  pcapngFile,
  type TcpPacket,
} from '../../helpers/packets.js';
import { createStream, getStream, streamReply } from '../../helpers/sample-frames.js';

const start = 1_755_770_400_123_456;
type End = TcpPacket['from'];

const client: End = ['127.0.0.1', 50_000];
const server: End = ['127.0.0.1', 8090];
const question = getStream(3);
const answer = streamReply('orders');

function conversation(from = client, to = server): TcpPacket[] {
  return [
    { from, to, sequence: 99, flags: 'S' },
    { from: to, to: from, sequence: 499, flags: 'SA' },
    { from, to, sequence: 100, data: question },
    { from: to, to: from, sequence: 500, data: answer },
    { from, to, sequence: 100 + question.length, flags: 'FA' },
    { from: to, to: from, sequence: 500 + answer.length, flags: 'FA' },
  ];
}

function captured(packets: readonly TcpPacket[], wrap: (ip: Buffer) => Buffer): Captured[] {
  return packets.map((packet, at) => ({
    bytes: wrap(ipPacket(packet)),
    timeMicros: start + at * 1500,
  }));
}

const names = (frames: readonly FrameJson[]) => frames.map((each) => each.command.name);

describe('capture files', () => {
  it('have no time, and no latency, where the clock of a capture is beyond all numbers', () => {
    const { linkType, wrap } = links.ethernet;
    const bytes = pcapngFile(captured(conversation(), wrap), { linkType, nanos: true });
    // The resolution of the clock: a tick is a second.
    bytes[bytes.indexOf(Buffer.from([9, 0, 1, 0, 9])) + 4] = 0;
    const { frames } = decodeAll(bytes, { pair: true });

    expect(names(frames)).toEqual(['Request', 'Reply']);
    expect(frames.map(({ time }) => time)).toEqual([null, null]);
    expect(frames.map(({ latency_us }) => latency_us)).toEqual([null, null]);
    expect(frames[1]?.pair).toBe(0);
  });

  for (const [name, { linkType, wrap }] of Object.entries(links)) {
    const v6: readonly [End, End] = [
      ['::1', 50_000],
      ['::1', 8090],
    ];
    for (const ends of [[client, server] as const, v6]) {
      it(`open with link type ${name} over ${ends[0][0]}, in any notation`, () => {
        const packets = captured(conversation(...ends), wrap);
        const expected = decodeAll(pcapFile(packets, { linkType })).frames;
        expect(names(expected)).toEqual(['Request', 'Reply']);
        for (const bigEndian of [false, true]) {
          for (const nanos of [false, true]) {
            for (const file of [pcapFile, pcapngFile]) {
              const bytes = file(packets, { linkType, bigEndian, nanos });
              const { frames } = decodeAll(bytes, { pieces: [9, 1, 64] });
              expect(frames.map(({ input: _, ...rest }) => rest)).toEqual(
                expected.map(({ input: _, ...rest }) => rest),
              );
            }
          }
        }
      });
    }
  }

  it('give times, flows, directions, and the reply the command of its request', () => {
    const { linkType, wrap } = links.ethernet;
    const bytes = pcapFile(captured(conversation(), wrap), { linkType });
    const { frames } = decodeAll(bytes, { pair: true });
    expect(frames.map(({ time, flow, direction }) => ({ time, flow, direction }))).toEqual([
      {
        time: '2025-08-21T10:00:00.126456Z',
        flow: '127.0.0.1:50000-127.0.0.1:8090',
        direction: 'client',
      },
      {
        time: '2025-08-21T10:00:00.127956Z',
        flow: '127.0.0.1:50000-127.0.0.1:8090',
        direction: 'server',
      },
    ]);
    expect(frames[1]?.operation?.command).toEqual({ code: 200, name: 'stream.get' });
    expect(frames[1]?.body).toMatchObject({ name: 'orders', topics_count: 0 });
    expect(frames.map(({ pair, latency_us: latency }) => ({ pair, latency }))).toEqual([
      { pair: 0, latency: null },
      { pair: 0, latency: 1500 },
    ]);
  });

  it('leave out other ports, and say which there are when nothing is found', () => {
    const { linkType, wrap } = links.raw;
    const packets = captured(conversation(client, ['127.0.0.1', 9000]), wrap);
    const { frames, warnings } = decodeAll(pcapFile(packets, { linkType }));
    expect(frames).toEqual([]);
    expect(warnings).toEqual(['no frames on port 8090; others seen: 9000']);
    const all = decodeAll(pcapFile(packets, { linkType }), { ports: () => [] });
    expect(names(all.frames)).toEqual(['Request', 'Reply']);
  });

  it('say how much is missing when they end inside a packet', () => {
    const { linkType, wrap } = links.raw;
    const whole = pcapFile(captured(conversation(), wrap), { linkType });
    const { frames, partials } = decodeAll(whole.subarray(0, whole.length - 70));
    expect(names(frames)).toEqual(['Request', 'Reply']);
    expect(partials).toEqual([
      { view: undefined, present: 42, missing: [{ framing: 'capture record', bytes: 14 }] },
    ]);
  });

  it('are refused when a record claims an absurd size', () => {
    const { linkType, wrap } = links.raw;
    const bytes = pcapFile(captured(conversation().slice(0, 1), wrap), { linkType });
    bytes.writeUInt32LE(0xffff_ffff, 24 + 8);
    expect(() => decodeAll(bytes)).toThrow(/damaged: record of 4294967295 bytes at offset 24/);
    const next = pcapngFile(captured(conversation().slice(0, 1), wrap), { linkType });
    next.writeUInt32LE(0xffff_fff0, 28 + 4);
    expect(() => decodeAll(next)).toThrow(/damaged at offset 28: block of 4294967280 bytes/);
  });
});

describe('connections', () => {
  const { linkType, wrap } = links.ethernet;
  const capture = (packets: readonly TcpPacket[]) =>
    pcapFile(captured(packets, wrap), { linkType });

  it('are read from the middle of a frame on', () => {
    const data = Buffer.concat([createStream('a').subarray(77), createStream('b', 2n)]);
    const packets = [{ from: client, to: server, sequence: 5, data }];
    const { frames, warnings, bad } = decodeAll(capture(packets));
    expect(frames.map((each) => each.body?.['name'])).toEqual(['b']);
    expect(bad).toEqual([]);
    expect(warnings.join()).toMatch(/no frame begins in the bytes before 181/);
  });

  it('go on behind bytes that the capture lost, in a frame or between frames', () => {
    const frames = ['a', 'b', 'c', 'd'].map((name, at) => createStream(name, BigInt(at + 1)));
    const size = frames[0]?.length ?? 0;
    const data = Buffer.concat(frames);
    const piece = (from: number, to: number): TcpPacket => ({
      from: client,
      to: server,
      sequence: from,
      data: data.subarray(from, to),
    });
    const inside = [
      piece(0, size + 260 - size),
      piece(size, size + 100),
      piece(size + 150, data.length),
    ];
    const first = decodeAll(capture(inside));
    expect(first.frames.map((each) => each.body?.['name'])).toContain('c');
    expect(first.frames.map((each) => each.body?.['name'])).toContain('d');
    const between = decodeAll(capture([piece(0, size), piece(2 * size, data.length)]));
    expect(between.frames.map((each) => each.body?.['name'])).toEqual(['a', 'c', 'd']);
  });

  it('are told apart when the same ports are used again', () => {
    const again = conversation().map((packet) => ({ ...packet, sequence: packet.sequence + 7777 }));
    const { frames } = decodeAll(capture([...conversation(), ...again]));
    expect(names(frames)).toEqual(['Request', 'Reply', 'Request', 'Reply']);
  });

  it('survive sequence numbers that wrap around', () => {
    const packets = [
      { from: client, to: server, sequence: 0xffff_ff00, data: question.subarray(0, 200) },
      { from: client, to: server, sequence: 0xffff_ff00 + 200, data: question.subarray(200) },
    ];
    expect(names(decodeAll(capture(packets)).frames)).toEqual(['Request']);
  });

  it('report packets that were cut by the capture', () => {
    const ip = wrap(ipPacket({ from: client, to: server, sequence: 1, data: question }));
    const cut = { bytes: ip.subarray(0, 100), timeMicros: start, originalLength: ip.length };
    const next = wrap(
      ipPacket({
        from: client,
        to: server,
        sequence: 1 + question.length,
        data: createStream('later', 2n),
      }),
    );
    const file = pcapFile([cut, { bytes: next, timeMicros: start + 1 }], { linkType });
    const { frames } = decodeAll(file);
    expect(frames.at(-1)?.body?.['name']).toBe('later');
  });
});
