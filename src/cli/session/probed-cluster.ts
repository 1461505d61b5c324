import type { Json } from '../../cluster/index.js';
import { JsonFields } from '../cluster/json-fields.js';
import {
  listLocalClusters,
  type OpenCluster,
  openLocalCluster,
} from '../cluster/local-clusters.js';
import type { Places } from '../config/places.js';
import type { ProbeStep } from './probe-types.js';
import type { RawAnswer } from './raw-answer.js';

/** A local cluster whose nodes can be held still. */
export class ProbedCluster {
  readonly #open: OpenCluster;
  readonly #settings: ReadonlyMap<string, Json>;
  readonly #nodes: readonly number[];

  private constructor(
    open: OpenCluster,
    settings: ReadonlyMap<string, Json>,
    nodes: readonly number[],
  ) {
    this.#open = open;
    this.#settings = settings;
    this.#nodes = nodes;
  }

  /** The local cluster that listens on the port, if one does. */
  static async at(places: Places, endpoint: { host: string; port: number }) {
    if (!/^(127\.|localhost$|\[?::1)/.test(endpoint.host)) return undefined;
    const found = listLocalClusters(places).find(({ ready, state }) => {
      return state === 'ready' && ready?.nodes.some(({ tcp }) => tcp === endpoint.port);
    });
    if (found?.ready === undefined) return undefined;
    const open = await openLocalCluster(places, found.name);
    const ids = found.ready.nodes.map(({ id }) => id);
    const answer = await open.control.call('inspect', {
      node: ids[0] ?? 0,
      sections: ['settings'],
    });
    const rows = new JsonFields(answer).fieldsList('settings');
    const settings = rows.map(
      (row) => [row.text('name') ?? '', row.object['value'] ?? null] as const,
    );
    return new ProbedCluster(open, new Map(settings), ids);
  }

  get name(): string {
    return this.#open.found.name;
  }

  get policy(): string {
    return String(this.#settings.get('session.request_policy') ?? 'watermark');
  }

  get tableSize(): number {
    return Number(this.#settings.get('metadata.clients_table_max') ?? 8192);
  }

  get hasBackups(): boolean {
    return this.#nodes.length > 1;
  }

  /** Holds the backups still while `probe` runs, then waits for the answer that was held up. */
  async withBackupsPaused(
    probe: () => Promise<{ steps: readonly ProbeStep[]; last: () => Promise<RawAnswer> }>,
  ): Promise<readonly ProbeStep[]> {
    const { control } = this.#open;
    const status = new JsonFields(await control.call('status'));
    const primary = status.number('primary') ?? 0;
    const nodes = this.#nodes.filter((id) => id !== primary);
    await control.call('kill', { nodes, mode: 'pause' });
    let found: Awaited<ReturnType<typeof probe>>;
    try {
      found = await probe();
    } finally {
      await control.call('heal', { nodes });
    }
    await found.last();
    return found.steps;
  }

  close(): void {
    this.#open.control.close();
  }
}
