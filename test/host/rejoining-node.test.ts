// A node whose disk was wiped keeps the mark that says so until nothing it held before can be denied.
import { describe, expect, it } from 'vitest';
import { joiningMark } from '../../src/host/index.js';
import { makePlan } from '../../src/simulator/index.js';
import { Recorder } from '../../src/simulator/trace/recorder.js';
import type { SimNode } from '../../src/simulator/world/sim-node.js';
import { World } from '../../src/simulator/world/world.js';
import { Command, Operation } from '../../src/wire/index.js';

/** Three nodes with partitions, and one of them that is no primary. */
function cluster(seed: bigint, clients = 3) {
  const options = { seed, clients, profile: 'calm', ticks: 1000, replicas: 3, groups: 2 } as const;
  const world = new World({ ...makePlan(options), leftOut: -1 }, new Recorder(false));
  const until = (holds: () => boolean) => {
    for (let ticks = 0; ticks < 5000 && !holds(); ticks++) world.step();
    expect(holds()).toBe(true);
  };
  return { world, until, node: world.node(2) };
}

const partitionsOf = ({ host }: SimNode) =>
  [...(host?.partitions.slots.values() ?? [])].flatMap(({ host: running }) =>
    running === undefined ? [] : [running.replica],
  );

const isMarked = ({ disk }: SimNode) => disk.size(joiningMark) !== undefined;

function wipe(world: World, node: SimNode): void {
  world.stop(node, true);
  world.wipe(node);
  world.start(node);
}

describe('a wiped node', () => {
  it('03-T43 lets no partition vote that came with the metadata before it has heard of its log', () => {
    const { world, until, node } = cluster(5n, 1);
    // The last that it will learn, in the very step that tells it that it has learned enough.
    until(() => (world.node(0).host?.partitions.slots.size ?? 0) > 0);
    world.mayAsk = false;
    until(() => partitionsOf(node).length > 0);
    expect(world.canonical.get(world.head)?.operation).toBe(Operation.CreateTopicWithAssignments);
    wipe(world, node);
    const before = new Set<object>();
    const found: string[] = [];
    until(() => {
      for (const replica of partitionsOf(node)) {
        if (before.has(replica)) continue;
        before.add(replica);
        found.push(replica.state.amnesia);
      }
      return before.size > 0 && !isMarked(node);
    });
    expect(found).not.toContain('none');
    expect(world.violation).toBeUndefined();
  });

  it('03-T43 keeps its mark until it knows what its first StartView named above the commit point', () => {
    const { world, until, node } = cluster(6n);
    until(() => partitionsOf(node).length >= 2 && world.head > 20);
    world.network.filtered.add(Command.PrepareOk);
    until(() => (world.node(0).host?.status.head ?? 0) > world.head);
    wipe(world, node);
    until(() => node.host?.status.status === 'normal');
    until(() => node.host?.replica.state.amnesia === 'none');
    const { commitMin, lostUpTo } = node.host?.status ?? { commitMin: 0, lostUpTo: 0 };
    expect(commitMin).toBeLessThan(lostUpTo);
    expect(isMarked(node)).toBe(true);

    world.network.filtered.clear();
    until(() => !isMarked(node));
    expect(node.host?.status.commitMin).toBeGreaterThanOrEqual(lostUpTo);
    expect(world.violation).toBeUndefined();
  });
});
