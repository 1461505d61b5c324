import type { ConsensusLimits, RequestPolicy } from '../consensus/index.js';
import type { ServerConfig } from '../server/index.js';

/** Settings of the partitions of a node; what is left out has its default. */
export interface PartitionSettings {
  /** What an acknowledged message has survived. */
  readonly ack?: 'fsync' | 'memory';
  /** Limits of a partition's group; by default with the timers of the metadata group. */
  readonly limits?: ConsensusLimits;
  /** Time between passes of the cleaner of old segments; 0 = no cleaner. */
  readonly cleanIntervalMillis?: number;
}

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
  readonly partitions?: PartitionSettings;
  /** Whether consensus reports its events from the start. */
  readonly tracing: boolean;
}
