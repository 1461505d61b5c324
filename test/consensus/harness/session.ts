import { Command } from '../../../src/wire/index.js';
import type { Cluster, FrameFilter } from './cluster.js';

/** One client that registered at node 0 and makes requests one after the other. */
export class TestSession {
  readonly client: bigint;
  readonly #cluster: Cluster;
  session = 0;
  request = 0n;

  constructor(cluster: Cluster, client = 5n) {
    this.#cluster = cluster;
    this.client = client;
  }

  /** Registers at a node and waits for the answer. */
  open(node = this.#cluster.primary): this {
    const token = this.#cluster.register(node, this.client);
    this.#cluster.settle();
    const outcome = this.#cluster.outcome(token);
    if (outcome?.kind !== 'registered') throw new Error(`not registered: ${outcome?.kind}`);
    this.session = outcome.session;
    return this;
  }

  /** Proposes the next request and returns its token. */
  next(node = this.#cluster.primary): number {
    this.request++;
    return this.again(node);
  }

  /** Proposes the same request once more. */
  again(node = this.#cluster.primary): number {
    const { client, session, request } = this;
    const token = this.#cluster.request(node, {
      client,
      session,
      request,
      requestChecksum: request + 1000n,
      body: new Uint8Array([Number(request & 0xffn)]),
    });
    this.#cluster.settle();
    return token;
  }

  /** Makes `count` requests that all commit. */
  commit(count = 1, node = this.#cluster.primary): void {
    for (let i = 0; i < count; i++) {
      const token = this.next(node);
      const outcome = this.#cluster.outcome(token);
      if (outcome?.kind !== 'committed') {
        throw new Error(`not committed: ${outcome?.kind} ${this.#cluster.describe()}`);
      }
    }
  }
}

/** Loses frames of some commands, optionally only between two nodes. */
export function lose(
  commands: readonly (keyof typeof Command)[],
  link: { readonly from?: number; readonly to?: number } = {},
): FrameFilter {
  const values = commands.map((name) => Command[name]);
  return ({ from, to, frame }) =>
    !values.some((value) => value === frame[60]) ||
    (link.from !== undefined && link.from !== from) ||
    (link.to !== undefined && link.to !== to);
}

/** All live nodes applied the same operations. */
function agree(cluster: Cluster): boolean {
  const [first, ...rest] = cluster.live;
  if (first?.replica === undefined) return false;
  const { commitMin } = first.replica.status;
  return rest.every(
    ({ replica, machine }) =>
      replica?.status.commitMin === commitMin && machine.digest === first.machine.digest,
  );
}

/** There is a primary, it and all live nodes have applied everything in its log. */
export function isQuiet(cluster: Cluster): boolean {
  const { primary } = cluster;
  if (primary < 0) return false;
  const { head, commitMin } = cluster.replica(primary).status;
  return head === commitMin && agree(cluster);
}
