import { describe, expect, it } from 'vitest';
import { makePlan, type Plan } from '../../../src/simulator/index.js';
import { converge } from '../../../src/simulator/run/converge.js';
import { judgeIndependence } from '../../../src/simulator/run/independence.js';
import { Recorder } from '../../../src/simulator/trace/recorder.js';
import type { SimNode } from '../../../src/simulator/world/sim-node.js';
import { World } from '../../../src/simulator/world/world.js';
import { Command, frameView } from '../../../src/wire/index.js';

/** A world without faults after some ticks; whatever is wrong with it was planted by a test. */
function settled(
  options: { readonly workload?: 'metadata' | 'mixed'; readonly groups?: number },
  changes: Partial<Plan> = {},
) {
  const plan: Plan = makePlan({
    ...{ seed: 3n, profile: 'calm', ticks: 100, livenessTicks: 600, replicas: 3, clients: 2 },
    ...{ workload: 'metadata', ...options },
  });
  const world = new World({ ...plan, leftOut: -1, ...changes }, new Recorder(false));
  for (let i = 0; i < plan.ticks; i++) world.step();
  return world;
}

function broken(plant: (world: World) => void): string | undefined {
  const world = settled({});
  plant(world);
  converge(world);
  return world.violation?.invariant;
}

/** Lets a node say something else of itself than is true. */
function pretend(node: SimNode, lie: object): void {
  const { host } = node;
  const status = () =>
    new Proxy(host?.status ?? {}, {
      get: (target, name) => Reflect.get(name in lie ? lie : target, name),
    });
  const liar = new Proxy(host ?? {}, {
    get: (target, name) => {
      if (name === 'status') return status();
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  Object.defineProperty(node, 'host', { get: () => liar });
}

describe('the end of a run', () => {
  it('passes where nothing is wrong', () => {
    expect(broken(() => undefined)).toBeUndefined();
  });

  it('leaves nobody out for ever where another member loses its disk only now', () => {
    const wipe = { id: 1, kind: 'wipe', at: 150, until: 400, target: 0, value: 0 } as const;
    for (const leftOutHow of ['deaf', 'down'] as const) {
      const world = settled({}, { livenessTicks: 4000, faults: [wipe], leftOut: 2, leftOutHow });
      world.mayAsk = false;
      while (world.tick < 200) world.step();
      converge(world);
      expect([world.wipes, world.violation]).toEqual([1, undefined]);
    }
  });

  it('catches a client that is not answered (W1)', () => {
    const rule = broken(({ clients }) => {
      Object.defineProperty(clients[0], 'isWaiting', { get: () => true });
    });
    expect(rule).toBe('W1');
  });

  it('catches a cluster without one view (W2)', () => {
    const rule = broken(({ network }) => {
      network.losing.add(() => true);
      // What is planted here does not heal.
      network.losing.clear = () => undefined;
    });
    expect(rule).toBe('W2');
  });

  it('catches a member whose log is another one (W3)', () => {
    expect(broken(({ nodes }) => pretend(nodes[1]!, { head: 1 }))).toBe('W3');
  });

  it('catches a repair that never ends (W4)', () => {
    expect(broken(({ nodes }) => pretend(nodes[2]!, { isRepairing: true }))).toBe('W4');
  });

  it('catches a storm of views that ends (W5)', () => {
    const rule = broken((world) => {
      const step = world.step.bind(world);
      let asked = 0;
      Object.defineProperty(world, 'step', {
        value: () => {
          const { primary } = world;
          if (asked < 10 && primary >= 0) {
            asked += 1;
            world.node(primary).push({ kind: 'step-down' });
          }
          step();
        },
      });
    });
    expect(rule).toBe('W5');
  });

  it('catches new clients that do not get through (W6)', () => {
    const rule = broken((world) => {
      const add = world.addClient.bind(world);
      Object.defineProperty(world, 'addClient', {
        value: (identity: number) =>
          Object.defineProperty(add(identity), 'demand', { value: () => undefined }),
      });
    });
    expect(rule).toBe('W6');
  });
});

describe('groups', () => {
  it('work on while another one is cut off from itself, and it is seen that they did', () => {
    const world = settled({ workload: 'mixed', groups: 2 });
    converge(world);
    expect(world.violation).toBeUndefined();
    expect(world.recorder.marks.get('group cut off while others work')).toBe(1);
  });

  it('are not independent where one takes others along (S24)', () => {
    for (const isSlow of [false, true]) {
      const world = settled({ workload: 'mixed', groups: 2 });
      converge(world);
      const client = world.addClient(world.clients.length);
      let until = 0;
      judgeIndependence(
        world,
        world.nodes,
        {
          clients: [client],
          isDone: () => client.worked > 0,
          step: () => {
            if (client.worked === 0 && !client.isWaiting) client.demand('create-stream');
            world.step();
            return true;
          },
        },
        // Everything is lost for good, or acknowledgements until commits are late.
        () => (frame) => {
          if (!isSlow) return true;
          if (frameView.command(frame) !== Command.PrepareOk) return false;
          until = until === 0 ? world.tick + 300 : until;
          return world.tick < until;
        },
      );
      expect([isSlow, world.violation]).toMatchObject([isSlow, { invariant: 'S24' }]);
    }
  });
});
