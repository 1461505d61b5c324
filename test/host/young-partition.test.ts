// All nodes die moments after a topic was created: what one of them had logged must not hold the rest up.
import { describe, expect, it } from 'vitest';
import { partitionGroupOf } from '../../src/simulator/check/frame-group.js';
import { makePlan } from '../../src/simulator/index.js';
import { Recorder } from '../../src/simulator/trace/recorder.js';
import { World } from '../../src/simulator/world/world.js';
import { Command } from '../../src/wire/index.js';

interface Death {
  readonly replicas: number;
  readonly ack: 'fsync' | 'memory';
  /** Ticks after node 0 came to know of its first partition. */
  readonly after: number;
  /** How much slower the others' disks are: they are still making the files. */
  readonly slowness: number;
  readonly power: boolean;
  /** Node that never comes back, -1 = none. */
  readonly leftOut: number;
}

const statusesOf = (world: World, index: number) =>
  [...(world.node(index).host?.partitions.slots.values() ?? [])].map(({ host }) => host?.status);

const headsOf = (world: World, index: number) =>
  statusesOf(world, index).map((status) => status?.head ?? 0);

/** Lets no prepare of a partition arrive, then kills all nodes and brings them back. */
function dieTogether({ replicas, ack, after, slowness, power, leftOut }: Death) {
  const plan = makePlan({
    ...{ seed: 9n, profile: 'calm', workload: 'send', clients: 4, groups: 2 },
    ...{ replicas, ticks: 1000 },
  });
  const { data } = plan;
  if (data === undefined) throw new Error('no partitions');
  const world = new World(
    { ...plan, leftOut, leftOutHow: 'down', data: { ...data, ack } },
    new Recorder(false),
  );
  const isHeld = (frame: Uint8Array) =>
    frame[60] === Command.Prepare && partitionGroupOf(frame) >= 0;
  world.network.losing.add(isHeld);
  for (const { index, disk } of world.nodes) if (index > 0) disk.trouble.slowness = slowness;
  while (headsOf(world, 0).length === 0 && world.tick < 1000) world.step();
  for (let i = 0; i < after; i++) world.step();
  const logged = world.nodes.map(({ index }) => Math.max(0, ...headsOf(world, index)));
  world.network.losing.delete(isHeld);
  for (const node of world.nodes) {
    world.stop(node, power);
    node.disk.trouble.slowness = 1;
    if (node.index !== leftOut) world.start(node);
  }
  const alive = world.nodes.filter(({ index }) => index !== leftOut);
  // Clients go on to send: every partition has to take messages again, everywhere.
  const isServing = () =>
    alive.every(({ index }) => {
      const statuses = statusesOf(world, index);
      const served = statuses.filter((s) => s?.status === 'normal' && s.commitMin > 0);
      return statuses.length === 2 && served.length === 2;
    });
  for (let ticks = 0; ticks < 5000 && !isServing(); ticks++) world.step();
  return { logged, verdict: world.violation ?? (isServing() ? 'serves' : 'stalls') };
}

describe('a new partition of which one replica alone has logged something', () => {
  const deaths = [
    { after: 10, slowness: 30, power: true },
    { after: 40, slowness: 1, power: false },
  ];

  it('goes on when all have died, with every replica', () => {
    let alone = 0;
    for (const ack of ['fsync', 'memory'] as const) {
      for (const death of deaths) {
        const { logged, verdict } = dieTogether({ ...death, ack, replicas: 3, leftOut: -1 });
        expect([ack, death, verdict]).toEqual([ack, death, 'serves']);
        if (logged[0] !== 0 && logged[1] === 0 && logged[2] === 0) alone += 1;
      }
    }
    expect(alone).toBeGreaterThan(1);
  });

  it('goes on when one of them stays away, be it the one with the entry', () => {
    for (const leftOut of [0, 1]) {
      for (const death of deaths) {
        const { verdict } = dieTogether({ ...death, ack: 'fsync', replicas: 3, leftOut });
        expect([leftOut, death, verdict]).toEqual([leftOut, death, 'serves']);
      }
    }
  });

  it('goes on with two replicas', () => {
    for (const ack of ['fsync', 'memory'] as const) {
      for (const death of deaths) {
        const { verdict } = dieTogether({ ...death, ack, replicas: 2, leftOut: -1 });
        expect([ack, death, verdict]).toEqual([ack, death, 'serves']);
      }
    }
  });
});
