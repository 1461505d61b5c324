import {
  type ConsensusLimits,
  consensusLimits,
  metadataGroup,
  type ReplicaConfig,
} from '../consensus/index.js';
import type { NodeHostConfig, PartitionSettings } from './node-host-config.js';

/** What a replica of the metadata group, or of a partition, must know. */
export function replicaConfigOf(
  config: NodeHostConfig,
  partition?: { readonly group: number; readonly revision: number },
): ReplicaConfig {
  const settings = partitionSettingsOf(config);
  return {
    cluster: config.cluster,
    group: partition === undefined ? metadataGroup : BigInt(partition.group),
    groupIncarnation: partition?.revision ?? 0,
    replica: config.node,
    replicaCount: config.nodeCount,
    limits: partition === undefined ? config.limits : settings.limits,
    requestPolicy: config.requestPolicy,
    durability: partition !== undefined && settings.ack === 'memory' ? 'memory' : 'durable',
    tracing: config.tracing,
  };
}

/** Settings of partitions, with what was left out filled in. */
export function partitionSettingsOf(config: NodeHostConfig): Required<PartitionSettings> {
  const given = config.partitions ?? {};
  return {
    ack: given.ack ?? 'fsync',
    limits: given.limits ?? limitsLike(config.limits),
    cleanIntervalMillis: given.cleanIntervalMillis ?? 60_000,
  };
}

/** What {@link limitsLike} made: a node has one set of limits and many partitions. */
const madeLimits = new WeakMap<ConsensusLimits, ConsensusLimits>();

/** Partitions have the timers of the metadata group unless they are given their own. */
function limitsLike(limits: ConsensusLimits): ConsensusLimits {
  const known = madeLimits.get(limits);
  if (known !== undefined) return known;
  const { heartbeatTicks, commitTicks, probeTicks } = limits;
  const made = consensusLimits({ heartbeatTicks, commitTicks, probeTicks });
  madeLimits.set(limits, made);
  return made;
}
