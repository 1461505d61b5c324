// A partition whose files are damaged in front of what is intact: peers fill it again, or nobody touches it.
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/simulator/index.js';
import { Recorder } from '../../src/simulator/trace/recorder.js';
import type { SimNode } from '../../src/simulator/world/sim-node.js';
import { World } from '../../src/simulator/world/world.js';

type Ack = 'fsync' | 'memory';

/** The last node dies, and something is changed in a file of its partition before it starts again. */
function damaged(
  replicas: number,
  ack: Ack,
  plant: (disk: SimNode['disk'], directory: string) => void,
) {
  const options = { seed: 5n, profile: 'calm', workload: 'send', ticks: 1000, clients: 3 } as const;
  const plan = makePlan({ ...options, replicas, groups: 1 });
  if (plan.data === undefined) throw new Error('no partitions');
  const world = new World(
    { ...plan, leftOut: -1, data: { ...plan.data, ack } },
    new Recorder(false),
  );
  const node = world.node(replicas - 1);
  const slot = () => [...(node.host?.partitions.slots.values() ?? [])][0];
  const until = (holds: () => boolean) => {
    for (let ticks = 0; ticks < 5000 && !holds(); ticks++) world.step();
    expect(holds()).toBe(true);
  };
  until(() => (slot()?.host?.status.commitMin ?? 0) > 5);
  world.mayAsk = false;
  until(() => !world.clients.some(({ isWaiting }) => isWaiting));
  world.stop(node, true);
  const file = node.disk.paths().find((name) => /^streams\/.*purge\.gen$/.test(name)) ?? '';
  plant(node.disk, file.slice(0, file.lastIndexOf('/')));
  const files = () => node.disk.paths().filter((name) => name.startsWith('streams/'));
  const before = files().map((name) => [name, node.disk.file(name)?.bytes.slice()]);
  world.start(node);
  const now = () => files().map((name) => [name, node.disk.file(name)?.bytes.slice()]);
  return { world, slot, until, before, now };
}

/** A bit flips in the first of several batches of the journal. */
const flipInJournal = (disk: SimNode['disk'], directory: string) =>
  disk.file(`${directory}/journal.wal`)?.flip(200, 3);

/** An empty segment in front of another one, as a power cut may leave what was never synced. */
const tearSegments = (disk: SimNode['disk'], directory: string) => {
  for (const start of ['0', '7']) disk.append(`${directory}/${start.padStart(20, '0')}.log`, []);
};

const flipInMark = (disk: SimNode['disk'], directory: string) =>
  disk.file(`${directory}/purge.gen`)?.flip(3, 1);

describe('a partition with damage in front of what is intact', () => {
  it('08-3.5 is left as it is by a lone node, which has nobody to fill it again', () => {
    const { slot, until, before, now } = damaged(1, 'fsync', flipInJournal);
    until(() => slot()?.state === 'refused');

    expect(slot()?.reason).toContain('damaged at byte 0');
    expect(now()).toEqual(before);
  });

  it('03-9.6 is put aside where there are peers, and filled by them', () => {
    const { world, slot, until } = damaged(3, 'fsync', flipInJournal);
    until(() => slot()?.state === 'open' && (slot()?.host?.status.commitMin ?? 0) > 5);

    expect(world.violation).toBeUndefined();
  });

  it('03-9.7 is put aside by a lone node that acknowledged from memory, and goes on', () => {
    const { world, slot, until } = damaged(1, 'memory', tearSegments);
    until(() => slot()?.state === 'open');
    world.mayAsk = true;
    const from = slot()?.host?.status.commitMin ?? 0;
    until(() => (slot()?.host?.status.commitMin ?? 0) > from);

    expect(world.violation).toBeUndefined();
  });
});

describe('a partition whose mark has rotted', () => {
  for (const ack of ['fsync', 'memory'] as const) {
    it(`08-3.5 is left as it is by a lone node (${ack})`, () => {
      const { slot, until, before, now } = damaged(1, ack, flipInMark);
      until(() => slot()?.state === 'refused');

      expect(slot()?.reason).toContain('purge.gen does not match its checksum');
      expect(now()).toEqual(before);
    });

    it(`03-9.6 is put aside where there are peers, and filled by them (${ack})`, () => {
      const { world, slot, until } = damaged(3, ack, flipInMark);
      until(() => slot()?.state === 'open' && (slot()?.host?.status.commitMin ?? 0) > 5);

      expect(world.violation).toBeUndefined();
    });
  }
});
