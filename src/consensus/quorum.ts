import { maxReplicas } from './constants.js';
import { ConsensusConfigError } from './errors.js';

/** How many replicas must agree on what, in a cluster of `replicaCount`. */
export interface Quorums {
  readonly replicaCount: number;
  /** Acknowledgements, the primary's own included, that commit an op. */
  readonly replication: number;
  /** DoViewChange votes, the candidate's own included, that decide a log. */
  readonly viewChange: number;
  /** Proofs of "never prepared" that permit discarding an op. */
  readonly nack: number;
  /** StartViewChange messages from others before a replica votes. */
  readonly startViewChange: number;
}

/**
 * Quorum sizes for 1..32 replicas. Replication is capped at three acknowledgements; wide clusters
 * pay with a larger view-change quorum.
 * @throws CONSENSUS_CONFIG_INVALID for any other count.
 * @source Iggy consensus protocol, quorums
 */
export function quorums(replicaCount: number): Quorums {
  if (!Number.isInteger(replicaCount) || replicaCount < 1 || replicaCount > maxReplicas) {
    throw new ConsensusConfigError(
      `a cluster has 1 to ${maxReplicas} replicas, got ${replicaCount}`,
      { replicaCount },
    );
  }
  // Two replicas need both disks for a commit, otherwise it would live on one only.
  const replication = replicaCount === 2 ? 2 : Math.min(Math.ceil(replicaCount / 2), 3);
  const rest = replicaCount - replication + 1;
  return {
    replicaCount,
    replication,
    viewChange: replicaCount === 2 ? 2 : rest,
    nack: rest,
    startViewChange: Math.floor((replicaCount - 1) / 2),
  };
}

/** Number of replicas in a bitmap. */
export function countReplicas(bitmap: number): number {
  let rest = bitmap - ((bitmap >>> 1) & 0x5555_5555);
  rest = (rest & 0x3333_3333) + ((rest >>> 2) & 0x3333_3333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The bit of a replica in a bitmap. */
export function replicaBit(replica: number): number {
  return 1 << replica;
}
