import { onTestFinished } from 'vitest';
import { LocalCluster, type LocalClusterOptions } from '../../../src/cluster/index.js';
import { hashing } from '../../helpers/remembered-hashing.js';
import { freshId, HandClient } from './hand-client.js';

/** Settings of a cluster by name. */
export type Settings = Readonly<Record<string, string>>;

/** A cluster that lives as long as the test, and clients that live no longer. */
export class HandCluster {
  readonly cluster: LocalCluster;
  readonly #clients: HandClient[] = [];

  private constructor(cluster: LocalCluster) {
    this.cluster = cluster;
  }

  /** Starts one for the test that runs; a lone node in memory unless told otherwise. */
  static async start(
    settings: Settings = {},
    options: Partial<LocalClusterOptions> = {},
  ): Promise<HandCluster> {
    const hand = await HandCluster.open(settings, options);
    onTestFinished(() => hand.stop());
    return hand;
  }

  /** As {@link start}; the caller stops it. */
  static async open(
    settings: Settings = {},
    options: Partial<LocalClusterOptions> = {},
  ): Promise<HandCluster> {
    const list = Object.entries(settings).map(([name, value]) => ({ name, value, origin: 'test' }));
    const storage = options.dataDir === undefined ? { ephemeral: true } : {};
    const cluster = await LocalCluster.start({
      hashing,
      nodes: 1,
      portBase: 0,
      seed: 5n,
      ...storage,
      ...options,
      settings: list,
    });
    return new HandCluster(cluster);
  }

  get primary(): number {
    return this.cluster.status().primary ?? 0;
  }

  port(node = this.primary): number {
    return this.cluster.nodes[node]?.ports.tcp ?? 0;
  }

  async dial(node = this.primary, id = freshId()): Promise<HandClient> {
    const client = await HandClient.dial(this.port(node), id);
    this.#clients.push(client);
    return client;
  }

  /** A new connection that is logged in as root. */
  async root(node?: number, id?: string): Promise<HandClient> {
    return (await this.dial(node, id)).login();
  }

  async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.close();
    await this.cluster.stop();
  }
}
