import { type ConsensusLimits, maxReplicas } from './constants.js';
import { ConsensusConfigError } from './errors.js';
import { isMetadataGroup } from './group.js';

/** How request numbers are judged; must be equal on all nodes. */
export type RequestPolicy = 'watermark' | 'strict';

/** Rare but legal detours of the core that a simulator may switch on by name. */
export interface Chaos {
  /** Whether to take the named detour now. */
  fire(name: ChaosPoint): boolean;
}

/** Places where a simulator may ask for a rare but legal detour. */
export type ChaosPoint = 'early-checkpoint' | 'tiny-repair-round' | 'early-range-evicted';

/** What a replica of one group must know before it starts; identical over its whole life. */
export interface ReplicaConfig {
  /** Cluster id, u128. */
  readonly cluster: bigint;
  /** Group id, u64: 2^63 for metadata, else `stream << 32 | topic << 20 | partition`. */
  readonly group: bigint;
  /** `created_revision` of the partition; 0 for metadata. Frames of another value are dropped. */
  readonly groupIncarnation: number;
  /** Own index in the roster. */
  readonly replica: number;
  /** Replicas in the roster, 1..32. */
  readonly replicaCount: number;
  readonly limits: ConsensusLimits;
  readonly requestPolicy: RequestPolicy;
  /**
   * `durable`: an acknowledgement waits for the sync of the journal. `memory` (partitions only): no
   * journal is written and an acknowledgement means "in memory".
   */
  readonly durability: 'durable' | 'memory';
  /** Whether `trace` effects are emitted; changed at any time by `Replica.setTracing`. */
  readonly tracing: boolean;
  readonly chaos?: Chaos;
}

/** @throws CONSENSUS_CONFIG_INVALID */
export function checkConfig(config: ReplicaConfig): void {
  const { replica, replicaCount } = config;
  if (!Number.isInteger(replicaCount) || replicaCount < 1 || replicaCount > maxReplicas) {
    throw new ConsensusConfigError(`a cluster has 1 to ${maxReplicas} replicas`, { replicaCount });
  }
  if (!Number.isInteger(replica) || replica < 0 || replica >= replicaCount) {
    throw new ConsensusConfigError('the own index must be in the roster', {
      replica,
      replicaCount,
    });
  }
  if (isMetadataGroup(config.group) && config.durability === 'memory') {
    throw new ConsensusConfigError('the metadata group acknowledges from disk only');
  }
}
