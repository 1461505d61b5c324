import { Command, frameView, prepareOkView, prepareView } from '../../wire/index.js';
import { isMetadataFrame } from '../check/frame-group.js';
import type { Stage } from './fault-world.js';
import type { Losing } from './network.js';
import type { SimNode } from './sim-node.js';

/** Ticks until the entry is on the disk, and until the replica without one is back among the voters. */
const patience = { landing: 200, returning: 900 } as const;

/**
 * The primary and the next replica alone hold an entry, whose acknowledgement is lost. That replica
 * loses its disk, comes back, learns of the entry by its header, and gets no body before the primary
 * dies: it may neither deny the entry nor offer it.
 */
export function forget({ world, strikes }: Stage, primary: SimNode): (() => void) | undefined {
  const { nodes, network } = world;
  const next = nodes[(primary.index + 1) % nodes.length];
  if (next === undefined || nodes.length < 3) return undefined;
  let isOver = false;
  let isGone = false;
  let isLost: Losing = () => false;
  let disarm: () => void = () => undefined;
  const until = (isDue: () => boolean, ticks: number, run: (isReached: boolean) => void) => {
    if (isOver) return;
    if (isDue() || ticks === 0) run(isDue());
    else world.later(1, () => until(isDue, ticks - 1, run));
  };
  const isVoter = () => {
    const state = next.state === 'up' ? next.host?.replica.state : undefined;
    return state?.status === 'normal' && state.amnesia === 'none';
  };
  const listen = () => {
    disarm = strikes.arm(primary.index, Command.Prepare, (_sender, _to, frame) => {
      const op = prepareView.op(frame);
      if (!world.mayWipe(next) || next.ledger.entries.has(op)) {
        listen();
        return;
      }
      // The way to `next` is open until its disk is lost.
      isLost = (late, from, to) =>
        isAbout(late, op) && (isGone || from !== primary.index || to !== next.index);
      network.losing.add(isLost);
      until(() => next.ledger.entries.has(op), patience.landing, wipe);
    });
  };
  const wipe = (isHeld: boolean) => {
    if (!isHeld || next.state !== 'up' || !world.mayWipe(next)) {
      network.losing.delete(isLost);
      return;
    }
    isGone = true;
    world.stop(next, true);
    world.wipe(next);
    world.start(next);
    until(isVoter, patience.returning, () => {
      if (primary.state !== 'down') world.stop(primary, false);
      // What is on its way about the entry is over by then.
      world.later(50, () => network.losing.delete(isLost));
    });
  };
  listen();
  return () => {
    isOver = true;
    disarm();
    network.losing.delete(isLost);
    world.start(primary);
  };
}

/** Whether a frame carries an entry of the metadata from `op` on, or acknowledges one. */
function isAbout(frame: Uint8Array, op: number): boolean {
  const command = frameView.command(frame);
  const isEntry = command === Command.Prepare || command === Command.RepairPrepare;
  if (!isEntry && command !== Command.PrepareOk) return false;
  if (!isMetadataFrame(frame)) return false;
  return (isEntry ? prepareView.op(frame) : prepareOkView.op(frame)) >= op;
}
