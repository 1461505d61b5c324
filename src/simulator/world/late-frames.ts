import { Command, frameView, prepareView, startViewView } from '../../wire/index.js';
import type { Network } from './network.js';
import type { SimNode } from './sim-node.js';
import type { Strikes } from './strikes.js';

/** What these faults need of the world. */
export interface LateWorld {
  readonly nodes: readonly SimNode[];
  readonly network: Network;
  stop(node: SimNode, power: boolean): void;
  later(ticks: number, run: () => void): void;
  start(node: SimNode): void;
}

/** Ticks after an announcement at which a forged prepare arrives. */
const forgeDelays = [1, 2, 3, 5, 8, 12, 18, 25, 35, 50] as const;

/**
 * A primary is cut off and goes on to build entries. As soon as its successor has announced a view
 * that ends below one of them, late copies of that one arrive at the others, and name the new view.
 */
export function forge(
  world: LateWorld,
  strikes: Strikes,
  { primary, join }: { readonly primary: number; readonly join: () => void },
): () => void {
  const { nodes, network } = world;
  const built = new Map<number, Uint8Array>();
  const ends: (() => void)[] = [join];
  let disarm: () => void = () => undefined;
  const listen = () => {
    disarm = strikes.arm(primary, Command.Prepare, (_sender, _to, frame) => {
      if (prepareView.replica(frame) === primary) {
        built.set(Number(prepareView.op(frame)), frame.slice());
      }
      listen();
    });
  };
  listen();
  const onStart = strikes.arm(-1, Command.StartView, (successor, _to, announced) => {
    const view = frameView.view(announced);
    if (successor === primary || view % nodes.length === primary) return;
    const next = built.get(Number(startViewView.op(announced)) + 1);
    if (next === undefined || frameView.view(next) >= view) return;
    const copy = next.slice();
    frameView.put.view(copy, view);
    network.forged += 1;
    for (const { index } of nodes) {
      if (index === primary || index === successor) continue;
      for (const delay of forgeDelays) network.arrive(successor, index, copy, delay);
    }
    ends.push(strikes.arm(successor, Command.Prepare, () => world.later(60, join)));
  });
  ends.push(onStart);
  return () => {
    disarm();
    for (const end of ends) end();
  };
}

/**
 * A replica dies and asks for the view when it is back. Once it holds more than the answer told, it
 * dies again; and as it asks anew, the first answer is there a second time.
 */
export function echo(world: LateWorld, strikes: Strikes, node: SimNode): (() => void) | undefined {
  const { network } = world;
  if (node.state !== 'up' || node.host?.status.isActingPrimary === true) return undefined;
  let isOver = false;
  const until = (isDue: () => boolean, run: () => void) => {
    if (isOver) return;
    if (isDue()) run();
    else world.later(1, () => until(isDue, run));
  };
  const restart = () => {
    world.stop(node, false);
    world.later(2, () => world.start(node));
  };
  let disarm: () => void = () => undefined;
  const listen = () => {
    disarm = strikes.arm(-1, Command.StartView, (sender, to, frame) => {
      const isAnswer = to === node.index && startViewView.incarnation(frame) !== 0n;
      if (isAnswer) again(sender, frame.slice());
      else listen();
    });
  };
  const again = (sender: number, answer: Uint8Array) => {
    const op = Number(startViewView.op(answer));
    until(
      () =>
        node.state === 'up' &&
        node.host?.status.status === 'normal' &&
        node.ledger.entries.has(op + 1),
      () => {
        restart();
        until(
          () => node.state === 'up' && node.host?.status.status === 'recovering',
          () => network.arrive(sender, node.index, answer, 1),
        );
      },
    );
  };
  restart();
  listen();
  return () => {
    isOver = true;
    disarm();
    if (node.state === 'down') world.start(node);
  };
}
