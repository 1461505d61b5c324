import type { ClientDetails, ClientRecord, ClusterMetadata } from '../../wire/index.js';
import type { CommandCaller } from '../caller.js';
import type { CallOptions } from '../options.js';

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
}
