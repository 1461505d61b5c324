import { partitionGroupOf } from '../check/frame-group.js';
import type { SimClient } from '../world/sim-client.js';
import type { SimNode } from '../world/sim-node.js';
import type { World } from '../world/world.js';

/** Ticks in which a client gets through to a group that nothing is wrong with. */
const patience = 3000;
const rule = { class: 'S', invariant: 'S24' } as const;

/** How a group is cut off from itself: the frames that are lost. */
export type Silence = (group: number) => (frame: Uint8Array) => boolean;

const silenced: Silence = (group) => (frame) => partitionGroupOf(frame) === group;

/**
 * S24: while a partition loses every frame between its replicas, metadata is committed as quickly as
 * before, for clients that have just come.
 * @param step lets a tick pass; false when the run is over
 */
export function judgeIndependence(
  world: World,
  core: readonly SimNode[],
  work: { readonly clients: readonly SimClient[]; isDone(): boolean; step(): boolean },
  silence: Silence = silenced,
): void {
  const group = groupOf(core);
  if (group === undefined) return;
  const { delays } = world.judges;
  world.recorder.mark('group cut off while others work');
  const isLost = silence(group);
  world.network.losing.add(isLost);
  delays.restart();
  const end = world.tick + patience;
  while (world.tick < end && !work.isDone() && work.step());
  delays.isMeasuring = false;
  world.network.losing.delete(isLost);
  if (world.hasFailed()) return;
  if (work.isDone()) {
    delays.judge(rule, 'another group cut off');
    return;
  }
  const detail = `clients of the metadata wait while partition ${group} is cut off from itself`;
  world.fail({ ...rule, detail });
}

/** The first partition that several members run. */
function groupOf(core: readonly SimNode[]): number | undefined {
  const [first, second] = core;
  if (first === undefined || second === undefined) return undefined;
  const groups = [...(first.host?.partitions.slots.keys() ?? [])].sort((a, b) => a - b);
  return groups.find((group) => second.host?.partitions.slots.has(group) === true);
}
