import { describe, expect, it } from 'vitest';
import { makePlan, type RunResult, runPlan } from '../../../src/simulator/index.js';
import { Dice } from '../../../src/simulator/random/draw.js';
import { ClientDamage } from '../../../src/simulator/world/client-damage.js';
import {
  Command,
  commands,
  encode,
  encodeSendMessages,
  Operation,
  readSendMessages,
  requestView,
  xxh3,
} from '../../../src/wire/index.js';

const { put } = requestView;

function request(operation: number, body: Uint8Array, isStamped: boolean): Uint8Array {
  const frame = new Uint8Array(256 + body.length);
  frame.set(body, 256);
  put.size(frame, frame.length);
  put.command(frame, Command.Request);
  put.client(frame, 7n);
  put.request(frame, 3n);
  put.operation(frame, operation);
  if (isStamped) put.requestChecksum(frame, xxh3(body));
  return frame;
}

const created = request(
  Operation.CreateStream,
  encode(commands.create_stream.request, { name: 'orders', options: [] }),
  true,
);
const stored = request(
  Operation.StoreConsumerOffset,
  encode(commands.store_consumer_offset.request, {
    stream_id: 's',
    topic_id: 't',
    consumer: { kind: 1, id: 1 },
    partition_id: 0,
    offset: 9n,
    ack: 1,
  }),
  false,
);
const place = { stream_id: 's', topic_id: 't', partitioning: { kind: 1 } } as const;
const message = { id: 1n, payload: new Uint8Array(40).fill(3), originTimestamp: 1n };
const sent = request(Operation.SendMessages, encodeSendMessages(place, [message]), false);

/** What becomes of a frame, many times. */
function fates(frame: Uint8Array) {
  return Array.from({ length: 400 }, (_, seed) => {
    const damage = new ClientDamage(1_000_000, new Dice(BigInt(seed)));
    const damaged = damage.request(1, frame);
    return { damage, damaged, bytes: damaged?.bytes ?? frame };
  });
}

describe('bytes that change between a client and a node', () => {
  it('change in every way: bits, runs, blocks, the seal, the length', () => {
    const all = fates(created);
    const lengths = new Set(all.map(({ bytes }) => Math.sign(bytes.length - created.length)));
    expect([...lengths].sort()).toEqual([-1, 0, 1]);
    expect(all.some(({ bytes }) => requestView.requestChecksum(bytes) === 0n)).toBe(true);
    const isSame = (bytes: Uint8Array, end: number, from = 0) =>
      bytes.subarray(from, end).every((byte, i) => byte === created[from + i]);
    expect(all.some(({ bytes }) => bytes.length === created.length && !isSame(bytes, 256))).toBe(
      true,
    );
    const inBody = all.filter(({ bytes }) => isSame(bytes, 256) && !isSame(bytes, 999, 256));
    expect(inBody.length).toBeGreaterThan(20);
    expect(all.filter(({ damaged }) => damaged?.isTorn === true).length).toBeGreaterThan(80);
  });

  it('never make another operation of a request, nor change a body that nothing covers', () => {
    for (const { bytes } of fates(created)) {
      if (bytes.length >= created.length) {
        expect(requestView.operation(bytes)).toBe(Operation.CreateStream);
      }
    }
    for (const { bytes } of fates(stored)) {
      if (bytes.length < 256) continue;
      expect(bytes.subarray(256, stored.length)).toEqual(stored.subarray(256));
    }
  });

  it('change a batch where its own checksum covers it', () => {
    const { batch } = readSendMessages(sent.subarray(256));
    const start = sent.length - batch.length;
    const all = fates(sent).filter(({ bytes }) => bytes.length === sent.length);
    const isHit = ({ bytes }: { bytes: Uint8Array }) =>
      bytes.subarray(start).some((byte, i) => byte !== sent[start + i]);
    expect(all.filter(isHit).length).toBeGreaterThan(20);
    for (const { bytes } of all)
      expect(bytes.subarray(256, start)).toEqual(sent.subarray(256, start));
  });

  it('are known as a request that nobody made', () => {
    const strange = fates(created).find(
      ({ bytes }) => bytes.length === created.length && requestView.request(bytes) !== 3n,
    );
    if (strange === undefined) throw new Error('no number was changed');
    const { damage, bytes } = strange;
    expect(damage.requests).toBe(1);
    expect(damage.isStrange(requestView.client(bytes), requestView.request(bytes))).toBe(true);
    expect(damage.isStrange(7n, 1_000_000n)).toBe(false);
  });
});

const plan = makePlan({
  ...{ seed: 5n, profile: 'sessions', ticks: 3000, replicas: 3, clients: 6 },
  ...{ workload: 'mixed', faults: ['drop-clients', 'half-close'], clientCorruption: 20_000 },
});
let kept: RunResult | undefined;
const result = () => {
  kept ??= runPlan(plan);
  return kept;
};

describe('connections of clients', () => {
  it('may die silently, close at one end and carry changed bytes, and no promise is broken', () => {
    const { failure, marks } = result();
    expect(failure).toBeUndefined();
    for (const name of [
      ...['request altered on its way', 'answer altered on its way', 'damaged call failed'],
      ...['connection of a client dropped silently', 'connection of a client closed at one end'],
      ...['two connections of one client', 'session resumed'],
    ]) {
      expect([...marks.keys()]).toContain(name);
    }
  });

  it('leave histories that can be judged: most calls are not touched', () => {
    expect(result().answered).toBeGreaterThan(80);
    const damaged = ['ok', 'failed'].map((how) => result().marks.get(`damaged call ${how}`) ?? 0);
    expect(damaged.reduce((sum, n) => sum + n, 0)).toBeLessThan(result().answered / 2);
  });

  it('of a plan without such trouble are as they were', () => {
    const { clientLinks, ...calm } = plan;
    expect(clientLinks).toEqual({ corruption: 20_000 });
    expect(runPlan({ ...calm, faults: [] }).marks.has('request altered on its way')).toBe(false);
  });
});
