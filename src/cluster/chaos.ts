import { createPrng, type Prng } from '../base/index.js';
import type { LocalCluster } from './local-cluster.js';

/** How much goes wrong. `light`: links only. `heavy`: also nodes that freeze, lose power or disk. */
export type ChaosLevel = 'none' | 'light' | 'heavy';

/** Pause between two faults, and how long a fault lasts, milliseconds. */
const calm = { min: 1000, max: 4000 } as const;
const trouble = { min: 500, max: 6000 } as const;

/** One kind of fault: begins, and gives the function that ends it. */
type Fault = (cluster: LocalCluster, victim: number, prng: Prng) => Promise<() => Promise<void>>;

const lossyLinks: Fault = (cluster, victim, prng) => {
  const rule = {
    drop: prng.unit() * 0.2,
    delayMillis: prng.below(20),
    jitterMillis: prng.below(30),
    duplicate: prng.unit() * 0.2,
    reorder: prng.unit() * 0.2,
  };
  for (const { id } of cluster.nodes) {
    if (id === victim) continue;
    cluster.faults.link(victim, id, rule);
    cluster.faults.link(id, victim, rule);
  }
  return healing(cluster, victim);
};

const isolation: Fault = (cluster, victim, prng) => {
  cluster.faults.isolate(victim, [], prng.pick(['in', 'out', 'both'] as const));
  return healing(cluster, victim);
};

const freeze: Fault = async (cluster, victim) => {
  await cluster.kill(victim, 'pause');
  return healing(cluster, victim);
};

const powerCut: Fault = async (cluster, victim) => {
  await cluster.kill(victim, 'crash');
  return async () => cluster.restart(victim);
};

const slowDisk: Fault = async (cluster, victim, prng) => {
  await cluster.faults.disk(victim, { kind: 'slow', delayMillis: 10 + prng.below(200) });
  return healing(cluster, victim);
};

const faults: Readonly<Record<Exclude<ChaosLevel, 'none'>, readonly Fault[]>> = {
  light: [lossyLinks, isolation],
  heavy: [lossyLinks, isolation, freeze, powerCut, slowDisk],
};

/**
 * Lets one thing after another go wrong with a cluster, one node at a time, so that a majority stays
 * whole. The same seed gives the same faults in the same order.
 */
export class Chaos {
  readonly #cluster: LocalCluster;
  readonly #faults: readonly Fault[];
  readonly #prng: Prng;
  #timer: NodeJS.Timeout | undefined;
  #end: (() => Promise<void>) | undefined;
  #isStopped = false;
  /** Faults so far. */
  count = 0;

  constructor(cluster: LocalCluster, level: ChaosLevel, seed: bigint | number) {
    this.#cluster = cluster;
    this.#faults = level === 'none' ? [] : faults[level];
    this.#prng = createPrng(seed);
  }

  start(): void {
    if (this.#faults.length > 0) this.#schedule(calm, () => this.#begin());
  }

  /** Ends the fault of the moment and lets the next one not come. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#finish();
  }

  async #begin(): Promise<void> {
    const victim = this.#prng.below(this.#cluster.nodes.length);
    const fault = this.#prng.pick(this.#faults);
    // A node that somebody stopped is left alone.
    if (this.#cluster.nodes[victim]?.state === 'running' && this.#cluster.nodes.length > 1) {
      this.count += 1;
      this.#end = await fault(this.#cluster, victim, this.#prng);
    }
    this.#schedule(trouble, async () => {
      await this.#finish();
      this.#schedule(calm, () => this.#begin());
    });
  }

  async #finish(): Promise<void> {
    const end = this.#end;
    this.#end = undefined;
    await end?.();
  }

  #schedule(
    range: { readonly min: number; readonly max: number },
    next: () => Promise<void>,
  ): void {
    if (this.#isStopped) return;
    const millis = this.#prng.between(range.min, range.max);
    this.#timer = setTimeout(() => {
      // A command of an operator may have come in between; the next fault is drawn all the same.
      next().catch(() => this.#schedule(calm, () => this.#begin()));
    }, millis);
    this.#timer.unref();
  }
}

function healing(cluster: LocalCluster, victim: number): Promise<() => Promise<void>> {
  return Promise.resolve(async () => {
    cluster.faults.heal([victim]);
    await Promise.resolve();
  });
}
