import {
  type ClientDetails,
  type ClientRecord,
  type ClusterMetadata,
  type OptionDescription,
  optionsScope,
  type Stats,
  snapshotCompression,
  snapshotType,
} from '../../wire/index.js';
import type { CommandCaller } from '../caller.js';
import type { CallOptions } from '../options.js';

/** Sections of a support archive; `all` stands for every section except `test`. */
export type SnapshotSection = keyof typeof snapshotType.table;

/** Commands on the node itself and the cluster. */
export class SystemCommands {
  readonly #caller: CommandCaller;

  constructor(caller: CommandCaller) {
    this.#caller = caller;
  }

  /** The only command that needs no login. */
  async ping(options?: CallOptions): Promise<void> {
    await this.#caller.call('ping', {}, options);
  }

  /** What the server knows about this connection. */
  me(options?: CallOptions): Promise<ClientDetails> {
    return this.#caller.call('get_me', {}, options);
  }

  /** One client connected to the node; `null` when there is none. */
  client(clientId: number, options?: CallOptions): Promise<ClientDetails | null> {
    return this.#caller.call('get_client', { client_id: clientId }, options);
  }

  /** The clients connected to the node that answers. */
  async clients(options?: CallOptions): Promise<readonly ClientRecord[]> {
    return (await this.#caller.call('get_clients', {}, options)).clients;
  }

  /** Name and nodes of the cluster, and who leads it. */
  clusterMetadata(options?: CallOptions): Promise<ClusterMetadata> {
    return this.#caller.call('get_cluster_metadata', {}, options);
  }

  /** Figures about the node that answers. */
  stats(options?: CallOptions): Promise<Stats> {
    return this.#caller.call('get_stats', {}, options);
  }

  /** Collects facts for support; gives the bytes of a ZIP archive. */
  async snapshot(
    wanted: {
      readonly compression?: keyof typeof snapshotCompression.table;
      readonly sections?: readonly SnapshotSection[];
    } = {},
    options?: CallOptions,
  ): Promise<Uint8Array> {
    const { compression = 'deflated', sections = ['all'] } = wanted;
    const request = {
      compression: snapshotCompression.table[compression],
      snapshot_types: sections.map((each) => snapshotType.table[each]),
    };
    return (await this.#caller.call('get_snapshot', request, options)).data;
  }

  /** The options that can be set on topics, streams or users. */
  async describeOptions(
    scope: keyof typeof optionsScope.table,
    options?: CallOptions,
  ): Promise<readonly OptionDescription[]> {
    const request = { scope: optionsScope.table[scope] };
    return (await this.#caller.call('describe_options', request, options)).entries;
  }
}
