// Whatever a network does to the segments of some connections, the same frames come out.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeAll, type FrameJson } from '../../helpers/decoded.js';
import { ipPacket, links, pcapFile, type TcpPacket } from '../../helpers/packets.js';
import {
  createStream,
  getStream,
  metadataReply,
  streamReply,
} from '../../helpers/sample-frames.js';

const start = 1_755_770_400_000_000;
const server = ['10.0.0.9', 8090] as const;

interface Timed {
  readonly packet: TcpPacket;
  readonly timeMicros: number;
}

/** Two connections that ask and are answered in turn. */
function conversations(rounds: number): { packet: TcpPacket; frame: Uint8Array; at: number }[] {
  const list: { packet: TcpPacket; frame: Uint8Array; at: number }[] = [];
  const next = [1000, 2000, 3_000_000_000, 4_294_967_000];
  let at = start;
  for (let round = 0; round < rounds; round++) {
    for (const connection of [0, 1]) {
      const client = ['10.0.0.1', 40_000 + connection] as const;
      const number = BigInt(round + 1);
      const isRead = (round + connection) % 2 === 0;
      const ask = isRead ? getStream(round, number) : createStream(`s${round}`, number);
      const answer = isRead
        ? streamReply(`s${round}`, number)
        : metadataReply(128, { request: number });
      for (const [side, frame] of [ask, answer].entries()) {
        const slot = connection * 2 + side;
        const sequence = next[slot] ?? 0;
        next[slot] = (sequence + frame.length) >>> 0;
        const ends = side === 0 ? { from: client, to: server } : { from: server, to: client };
        list.push({ packet: { ...ends, sequence, data: frame }, frame, at });
        at += 700;
      }
    }
  }
  return list;
}

function file(packets: readonly Timed[]): Buffer {
  const { linkType, wrap } = links.ethernet;
  const captured = packets.map(({ packet, timeMicros }) => ({
    bytes: wrap(ipPacket(packet)),
    timeMicros,
  }));
  return pcapFile(captured, { linkType });
}

const comparable = (frames: readonly FrameJson[]) => frames.map(({ input: _, ...rest }) => rest);

function slice(packet: TcpPacket, from: number, to: number): TcpPacket {
  const data = packet.data?.subarray(from, to) ?? new Uint8Array(0);
  return { ...packet, sequence: (packet.sequence + from) >>> 0, data };
}

it('06-S46 gives the frames of the clean capture for one that is split, repeated and reordered', () => {
  const damage = fc.array(
    fc.record({
      at: fc.nat(1000),
      cut: fc.integer({ min: 1, max: 255 }),
      overlap: fc.nat(60),
      again: fc.boolean(),
      move: fc.integer({ min: -6, max: 6 }),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), damage, fc.boolean(), (rounds, plan, keepTimes) => {
      const clean = conversations(rounds);
      const timed = clean.map(({ packet, at }) => ({ packet, timeMicros: at }));
      const expected = decodeAll(file(timed), { pair: true });

      const dirty: (Timed & { order: number })[] = timed.map((each, order) => ({ ...each, order }));
      for (const { at, cut, overlap, again, move } of plan) {
        const index = at % dirty.length;
        const chosen = dirty[index];
        if (chosen === undefined || (chosen.packet.data?.length ?? 0) <= cut) continue;
        const size = chosen.packet.data?.length ?? 0;
        const { timeMicros, order } = chosen;
        dirty[index] = { packet: slice(chosen.packet, 0, cut), timeMicros, order };
        const rest = slice(chosen.packet, Math.max(0, cut - overlap), size);
        dirty.push({ packet: rest, timeMicros, order: order + 0.1 + move });
        if (again) dirty.push({ packet: chosen.packet, timeMicros, order: order + Math.abs(move) });
      }
      dirty.sort((a, b) => a.order - b.order);
      const stamped = keepTimes
        ? dirty
        : dirty.map((each, turn) => ({ ...each, timeMicros: start + turn * 10 }));
      const found = decodeAll(file(stamped), { pair: true });

      expect(found.bad).toEqual([]);
      const times = expected.frames.map((frame) => frame.time);
      expect(times).toEqual([...times].sort());
      if (keepTimes) expect(comparable(found.frames)).toEqual(comparable(expected.frames));
      else expect(byFlow(found.frames)).toEqual(byFlow(expected.frames));
    }),
    { numRuns: 150 },
  );
});

/** Frames of each direction of each flow, without what depends on the order between directions. */
function byFlow(frames: readonly FrameJson[]): Record<string, unknown[]> {
  const flows: Record<string, unknown[]> = {};
  for (const frame of frames) {
    const { command, length, header, body_hex } = frame;
    const key = `${frame.flow ?? ''} ${frame.direction ?? ''}`;
    flows[key] = [...(flows[key] ?? []), { command, length, header, body_hex }];
  }
  return flows;
}
