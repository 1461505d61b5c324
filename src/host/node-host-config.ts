import type { ConsensusLimits, RequestPolicy } from '../consensus/index.js';
import type { ServerConfig } from '../server/index.js';

/** Settings of one node. */
export interface NodeHostConfig {
  /** Index of the node, which is its replica number in every group. */
  readonly node: number;
  readonly nodeCount: number;
  /** Cluster id, u128. */
  readonly cluster: bigint;
  /** Limits of the metadata group. */
  readonly limits: ConsensusLimits;
  readonly requestPolicy: RequestPolicy;
  /** Seeds the root user of a node that never lived. */
  readonly root: { readonly username: string; readonly passwordHash: string };
  readonly server: Omit<ServerConfig, 'node' | 'nodeCount' | 'cluster' | 'bootIncarnation'>;
  /** Whether consensus reports its events from the start. */
  readonly tracing: boolean;
}
