import { quorums } from '../../consensus/index.js';
import type { World } from '../world/world.js';

/**
 * Members that stay as broken as they are when everything else heals. None where a run cannot do
 * without them, or has lost a disk already.
 */
export function membersLeftOut({ plan, nodes, primary, wipes }: World): readonly number[] {
  const { leftOut, leftOutHow, replicas } = plan;
  const needed = quorums(replicas);
  const spare = replicas - Math.max(needed.replication, needed.viewChange);
  // A log in memory is lost where too many of its replicas are away at once.
  const isFrail = plan.data?.ack === 'memory';
  const isWhole =
    wipes === 0 && !isFrail && nodes.every((node) => !node.isDamaged && !node.isMisled);
  if (leftOut === -1 || spare < 1 || !isWhole) return [];
  if (leftOut >= 0) return [leftOut];
  const down = nodes.filter(({ state }) => state === 'down').map(({ index }) => index);
  if (leftOut === -2 && leftOutHow === 'down' && down.length > 0) return down.slice(0, spare);
  if (primary < 0) return [];
  return [leftOut === -3 ? (primary + 1) % replicas : primary];
}
