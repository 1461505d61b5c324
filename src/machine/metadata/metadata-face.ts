import type { TopicSettings } from './options/topic-settings.js';
import type { PartitionCounters } from './state/counters.js';

/** An account as login and dispatch see it. */
export interface UserAccount {
  readonly id: number;
  readonly username: string;
  /** PHC string. */
  readonly passwordHash: string;
  readonly isActive: boolean;
}

/** A personal access token. */
export interface TokenAccount {
  readonly userId: number;
  readonly name: string;
  /** Microseconds since 1970; 0 = never. The token is expired when this is at or before now. */
  readonly expiryAt: number;
}

/** Numeric ids of one partition; `revision` tells incarnations of reused ids apart. */
export interface PartitionAddress {
  readonly stream: number;
  readonly topic: number;
  readonly partition: number;
  /** `created_revision`: the group incarnation. */
  readonly revision: number;
}

/** One partition as committed metadata describes it. */
export interface PartitionInfo extends PartitionAddress {
  readonly createdAt: number;
  /** `consensus_group_id`: stored with the partition, not used for routing. */
  readonly consensusGroup: number;
  /** Sealed segments that end at or below this offset shall go; 0 = none. */
  readonly deletedUpToOffset: number;
  /** Grows with every purge. */
  readonly purgeGeneration: number;
  readonly settings: TopicSettings;
  /** Number of partitions of the topic: `max_topic_size` is shared by them. */
  readonly partitionsCount: number;
  /** The figures that reads report; the partition's own machine keeps them up to date. */
  readonly counters: PartitionCounters;
}

/**
 * What an apply means for the data of partitions. The host takes these right after every step of
 * the metadata group, before it steps any partition.
 */
export type PartitionChange =
  | { readonly kind: 'created'; readonly partition: PartitionAddress }
  | { readonly kind: 'removed'; readonly partition: PartitionAddress }
  | {
      readonly kind: 'purged';
      readonly partition: PartitionAddress;
      readonly generation: number;
    }
  | {
      readonly kind: 'truncated';
      readonly partition: PartitionAddress;
      readonly upToOffset: number;
    }
  /** Retention settings or the number of partitions changed. */
  | { readonly kind: 'settings'; readonly stream: number; readonly topic: number }
  /** The group's stored offsets are to be dropped on every partition of the topic. */
  | {
      readonly kind: 'group-removed';
      readonly stream: number;
      readonly topic: number;
      readonly group: number;
    }
  /** A snapshot replaced everything: compare with `partitions()` from scratch. */
  | { readonly kind: 'restored' };

/** A partition that waits to change its owner within a consumer group. */
export interface PendingRevocation {
  readonly stream: number;
  readonly topic: number;
  readonly group: number;
  readonly partition: number;
  readonly sourceClient: bigint;
  /** Replicated time of the join that caused it, microseconds. */
  readonly createdAt: number;
}

/** An operation the server itself proposes to the metadata group. */
export interface HousekeepingProposal {
  readonly operation: number;
  /** Reserved client id. */
  readonly client: bigint;
  readonly body: Uint8Array;
}

/** A client's membership in one group. */
export interface Membership {
  readonly stream: number;
  readonly topic: number;
  readonly group: number;
}

/** A topic whose partitions a request is about. */
export interface TopicPartitions {
  readonly stream: number;
  readonly topic: number;
  /** Tells a topic from one that had its ids before. */
  readonly createdAt: number;
  /** Partition ids, ascending. */
  readonly partitions: readonly number[];
}

/** A consumer group as requests about partitions see it; follows the state as it changes. */
export interface GroupAccess extends TopicPartitions {
  readonly group: number;
  /** Whether any member owns the partition. */
  isOwned(partition: number): boolean;
  /** Whether this client owns the partition; one that is about to move still counts. */
  owns(client: bigint, partition: number): boolean;
  /** Whether this client may poll the partition; one that is about to move does not count. */
  polls(client: bigint, partition: number): boolean;
}

/** Rules that are decided on the node that serves the request, not when an operation commits. */
export type ServingRule = 'serverInfo' | 'poll' | 'append';

/** A read reply: a body, or a status code with an empty body. */
export type ReadReply =
  | { readonly status: 0; readonly body: Uint8Array }
  | { readonly status: number; readonly body?: undefined };

/** Figures of get_stats that come from metadata. */
export interface MetadataTotals {
  readonly streams: number;
  readonly topics: number;
  readonly partitions: number;
  readonly segments: number;
  readonly messages: number;
  readonly sizeBytes: number;
  readonly consumerGroups: number;
}
