import { Command } from '../../wire/index.js';
import type { Stage } from './fault-world.js';
import type { SimNode } from './sim-node.js';

/** Ticks that the new primary spends with an inherited op that does not commit. */
const suspense = 150;

/**
 * The primary dies with an entry that others hold and nobody knows to be committed. Its successor
 * begins a view with it, and acknowledgements are lost for a while: whoever reads there has to wait.
 */
export function inherit({ world, strikes }: Stage, primary: SimNode): (() => void) | undefined {
  const { nodes, network } = world;
  if (nodes.length < 3) return undefined;
  const self = primary.index;
  const next = nodes[(self + 1) % nodes.length];
  if (next === undefined) return undefined;
  let isOver = false;
  const later = (ticks: number, run: () => void) =>
    world.later(ticks, () => {
      if (!isOver) run();
    });
  const hold = (isHeld: boolean) => {
    if (isHeld) network.filtered.add(Command.PrepareOk);
    else network.filtered.delete(Command.PrepareOk);
  };
  const ends: (() => void)[] = [];
  const onAck = strikes.arm(next.index, Command.PrepareOk, () => {
    hold(true);
    later(3, () => {
      if (primary.state !== 'down') world.stop(primary, false);
    });
    ends.push(strikes.arm(next.index, Command.StartView, () => later(suspense, () => hold(false))));
  });
  ends.push(onAck);
  return () => {
    isOver = true;
    for (const end of ends) end();
    hold(false);
    world.start(primary);
  };
}
