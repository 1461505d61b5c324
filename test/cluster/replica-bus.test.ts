import { describe, expect, it, vi } from 'vitest';
import { createPrng } from '../../src/base/index.js';
import { ReplicaBus } from '../../src/cluster/replica-bus.js';

const frame = (value: number) => new Uint8Array([value]);

function busOf(count: number): { bus: ReplicaBus; received: number[][] } {
  const bus = new ReplicaBus(count, createPrng(7));
  const received: number[][] = [];
  for (let node = 0; node < count; node++) {
    received.push([]);
    bus.attach(node, (_from, { 0: value = -1 }) => received[node]?.push(value));
  }
  return { bus, received };
}

describe('ReplicaBus', () => {
  it('delivers at once and in order on links without a rule', () => {
    const { bus, received } = busOf(2);
    for (let i = 0; i < 5; i++) bus.send(0, 1, frame(i));

    expect(received).toEqual([[], [0, 1, 2, 3, 4]]);
  });

  it('loses what is sent to a node that is down', () => {
    const { bus } = busOf(2);
    bus.attach(1, undefined);
    bus.send(0, 1, frame(1));

    expect(bus.isUp(0, 1)).toBe(false);
    expect(bus.linksOf(0)).toContainEqual(
      expect.objectContaining({
        from: 0,
        to: 1,
        frames: 1,
        bytes: 1,
        delivered: 0,
        undelivered: 1,
      }),
    );
  });

  it('cuts one direction of a link only', () => {
    const { bus, received } = busOf(2);
    bus.rules.change(0, 1, { isCut: true });
    bus.send(0, 1, frame(1));
    bus.send(1, 0, frame(2));

    expect(received).toEqual([[2], []]);
    expect(bus.isUp(0, 1)).toBe(false);
    expect(bus.isUp(1, 0)).toBe(true);
  });

  it('loses, repeats and delays frames by the chances of the rule', async () => {
    const { bus, received } = busOf(2);
    bus.rules.change(0, 1, { drop: 0.3 });
    for (let i = 0; i < 1000; i++) bus.send(0, 1, frame(0));
    expect(received[1]?.length).toBeGreaterThan(600);
    expect(received[1]?.length).toBeLessThan(800);
    const [lossy] = bus.linksOf(0).filter(({ to }) => to === 1);
    expect(lossy).toMatchObject({ drop: 0.3, frames: 1000, delivered: received[1]?.length });
    expect((lossy?.delivered ?? 0) + (lossy?.dropped ?? 0)).toBe(1000);

    bus.rules.change(0, 1, { drop: 0, duplicate: 1 });
    received[1]?.splice(0);
    bus.send(0, 1, frame(9));
    expect(received[1]).toEqual([9, 9]);

    bus.rules.change(0, 1, { duplicate: 0, delayMillis: 15 });
    received[1]?.splice(0);
    bus.send(0, 1, frame(8));
    expect(received[1]).toEqual([]);
    await vi.waitFor(() => expect(received[1]).toEqual([8]), 60_000);
  });

  it('lets later frames overtake', async () => {
    const { bus, received } = busOf(2);
    bus.rules.change(0, 1, { reorder: 0.5 });
    for (let i = 0; i < 40; i++) bus.send(0, 1, frame(i));
    await vi.waitFor(() => expect(received[1]).toHaveLength(40), 60_000);
    expect(received[1]).not.toEqual([...(received[1] ?? [])].sort((a, b) => a - b));
  });

  it('draws the same faults from the same seed', () => {
    const run = () => {
      const { bus, received } = busOf(2);
      bus.rules.change(0, 1, { drop: 0.5 });
      for (let i = 0; i < 100; i++) bus.send(0, 1, frame(i));
      return received;
    };

    expect(run()).toEqual(run());
  });

  it('shows every frame to a tap, also a lost one, until the tap ends', () => {
    const { bus } = busOf(2);
    const seen: string[] = [];
    const end = bus.tap((from, to, { 0: value }) => seen.push(`${from}>${to}:${value}`));
    bus.rules.change(0, 1, { isCut: true });
    bus.send(0, 1, frame(1));
    bus.send(1, 0, frame(2));
    end();
    bus.send(1, 0, frame(3));

    expect(seen).toEqual(['0>1:1', '1>0:2']);
  });

  it('heals the links of some nodes or of all, and forgets rules that change nothing', () => {
    const { bus } = busOf(3);
    bus.rules.change(0, 1, { drop: 0.5 });
    bus.rules.change(1, 2, { isCut: true });
    bus.rules.change(2, 0, { delayMillis: 3 });
    bus.rules.change(2, 0, { delayMillis: 0 });

    expect(bus.rules.list().map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(bus.rules.heal([0])).toBe(1);
    expect(bus.rules.heal([0, 1, 2])).toBe(1);
    expect(bus.rules.areActive).toBe(false);
  });
});
