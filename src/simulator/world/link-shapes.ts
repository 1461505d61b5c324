import { Command, frameView } from '../../wire/index.js';
import type { FaultWorld, Stage } from './fault-world.js';
import { type Losing, linkKey } from './network.js';

/** Whether a directed link is cut. */
export type IsCut = (from: number, to: number) => boolean;

/** Replicas in an order that a number gives. */
function ordered(replicas: number, value: number): readonly number[] {
  const rank = (i: number) => {
    const word = Math.imul(value + 1, 0x9e37_79b1) ^ Math.imul(i + 1, 0x85eb_ca6b);
    return Math.imul(word ^ (word >>> 15), 0x2c1b_3c6d) >>> 7;
  };
  return Array.from({ length: replicas }, (_, i) => i).sort((a, b) => rank(a) - rank(b) || a - b);
}

/** Each hears its two neighbours only. */
export function ring(replicas: number, value: number): IsCut {
  const order = ordered(replicas, value);
  return (from, to) => {
    const distance = Math.abs(order.indexOf(from) - order.indexOf(to));
    return distance > 1 && distance < replicas - 1;
  };
}

/** Two halves, joined by the first of the order alone. */
export function bridge(replicas: number, value: number): IsCut {
  const order = ordered(replicas, value);
  const side = (replica: number) => {
    const at = order.indexOf(replica);
    return at === 0 ? 0 : at % 2 === 0 ? 1 : -1;
  };
  return (from, to) => side(from) * side(to) < 0;
}

/** The primary among fewer than half; one way when `value` is odd: what they say is not heard. */
export function minority(replicas: number, primary: number, value: number): IsCut {
  const others = ordered(replicas, value).filter((replica) => replica !== primary);
  const few = new Set([primary, ...others.slice(0, Math.floor((replicas - 1) / 2) - 1)]);
  const isOneWay = value % 2 === 1;
  return (from, to) => (isOneWay ? few.has(from) && !few.has(to) : few.has(from) !== few.has(to));
}

/** Clogs a few replicas one after another and releases them in another order. */
export function swizzle(world: FaultWorld, value: number, until: number): () => void {
  const { nodes, network, tick } = world;
  const order = ordered(nodes.length, value);
  const chosen = order.slice(0, 1 + (value % nodes.length));
  const step = Math.max(1, Math.floor((until - tick) / (2 * chosen.length + 1)));
  const mine = new Set<number>();
  let isOver = false;
  for (const [i, replica] of chosen.entries()) {
    // The one that is clogged last is released first, the others in the order of their numbers.
    const place = i === chosen.length - 1 ? 0 : 1 + (replica % chosen.length);
    const release = Math.min(until, tick + step * (chosen.length + place));
    world.later(step * i, () => {
      if (isOver) return;
      for (const { index } of nodes) {
        if (index === replica) continue;
        for (const link of [linkKey(replica, index), linkKey(index, replica)]) {
          mine.add(link);
          network.clogged.set(link, release);
        }
      }
    });
  }
  return () => {
    isOver = true;
    for (const link of mine) network.clogged.delete(link);
  };
}

/** Kinds of frames that a link may lose, in threes. */
const kinds: readonly number[] = [
  ...[Command.Prepare, Command.PrepareOk, Command.Commit, Command.Pong, Command.StartViewChange],
  ...[Command.DoViewChange, Command.StartView, Command.RequestStartView, Command.RequestPrepares],
  ...[Command.RepairPrepare, Command.RequestStateTransfer, Command.StateChunk],
];

/** Three kinds of frames are lost on the link from a replica to one that `value` names. */
export function filterLink({ world }: Stage, self: number, value: number): () => void {
  const { network, nodes } = world;
  const peer = (self + 1 + (value % Math.max(1, nodes.length - 1))) % nodes.length;
  const first = (value >> 4) % kinds.length;
  const lost = new Set(
    [0, 1 + (value & 3), 5 + (value & 3)].map((i) => kinds[(first + i) % kinds.length]),
  );
  const isLost: Losing = (frame, from, to) =>
    from === self && to === peer && lost.has(frameView.command(frame));
  network.losing.add(isLost);
  return () => network.losing.delete(isLost);
}
