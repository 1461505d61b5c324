import type { World } from '../world/world.js';

/** One line about every replica: what it is doing, and how far its log goes. */
export function statesOf(world: World): readonly string[] {
  return world.nodes.map(({ index, host, state }) => {
    if (host === undefined) return `r${index} ${state}`;
    const s = host.status;
    const flags = [
      ...(s.isActingPrimary ? ['primary'] : []),
      ...(s.isRepairing ? ['repairing'] : []),
      ...(s.transferStage === 'idle' ? [] : [s.transferStage]),
      ...(state === 'up' ? [] : [state]),
    ];
    return [
      `r${index} ${s.status} v${s.view}/${s.logView} head ${s.head}`,
      ...[`commit ${s.commitMin}/${s.commitMax}`, ...flags],
    ].join(' ');
  });
}
