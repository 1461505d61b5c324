// A partition whose journal is damaged in front of intact entries: peers fill it again, or nobody touches it.
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/simulator/index.js';
import { Recorder } from '../../src/simulator/trace/recorder.js';
import { World } from '../../src/simulator/world/world.js';

function damaged(replicas: number) {
  const options = { seed: 5n, profile: 'calm', workload: 'send', ticks: 1000, clients: 3 } as const;
  const plan = makePlan({ ...options, replicas, groups: 1 });
  const world = new World({ ...plan, leftOut: -1 }, new Recorder(false));
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
  const path = node.disk.paths().find((name) => /^streams\/.*journal\.wal$/.test(name)) ?? '';
  node.disk.file(path)?.flip(200, 3);
  const before = node.disk.file(path)?.bytes.slice();
  world.start(node);
  return { world, node, slot, until, path, before };
}

describe('a partition with damage inside its journal', () => {
  it('08-3.5 is left as it is by a lone node, which has nobody to fill it again', () => {
    const { node, slot, until, path, before } = damaged(1);
    until(() => slot()?.state === 'refused');

    expect(slot()?.reason).toContain('damaged at byte 0');
    expect(node.disk.file(path)?.bytes).toEqual(before);
  });

  it('03-9.6 is put aside where there are peers, and filled by them', () => {
    const { world, slot, until } = damaged(3);
    until(() => slot()?.state === 'open' && (slot()?.host?.status.commitMin ?? 0) > 5);

    expect(world.violation).toBeUndefined();
  });
});
