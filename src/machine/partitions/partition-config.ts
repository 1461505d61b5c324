import type { PartitionAddress } from '../metadata/metadata-face.js';
import type { TopicSettings } from '../metadata/options/topic-settings.js';
import type { PartitionCounters } from '../metadata/state/counters.js';
import type { CacheBudget } from './batch-cache.js';
import type { MessageCipher } from './message-cipher.js';
import type { PartitionStore } from './partition-store.js';

/** What a partition's machine is told when it is opened. */
export interface PartitionConfig {
  readonly address: PartitionAddress;
  readonly settings: TopicSettings;
  /** Partitions of the topic: they share `max_topic_size`. */
  readonly partitionsCount: number;
  /** `fsync`: a journal outlives every crash. `memory`: offsets are reserved ahead instead. */
  readonly ack: 'fsync' | 'memory';
  readonly store: PartitionStore;
  /** Shared by all partitions of the node. */
  readonly cache: CacheBudget;
  /**
   * Promise of the host that the bodies of log entries never change, so that batches can be kept as
   * they come instead of being copied. Absent = no such promise.
   */
  readonly keepsBodies?: boolean;
  /** Encrypts what messages carry, at rest and between nodes; absent = it is kept as it comes. */
  readonly cipher?: MessageCipher;
  /** Figures that reads of metadata report. */
  readonly counters: PartitionCounters;
  /** Generation of the last purge that metadata has committed. */
  readonly purgeGeneration: number;
  /** Sealed segments that end at or below this offset shall go. */
  readonly deletedUpToOffset: number;
  /** `offset_frontier` of the newest superblock record; 0 when there is none. */
  readonly offsetFrontier: number;
  /**
   * Lowest base offset of a batch in the partition's journal: what is damaged in the segments from
   * there on is written again. Absent without a journal, or when it holds no batch.
   */
  readonly journaledFrom?: number;
  /** The journal is there, and what it does not hold any more was synced to the segments before it went. */
  readonly isJournalWhole?: boolean;
  /** Other replicas exist. */
  readonly hasPeers?: boolean;
  /** The journal is gone, and peers give again what was in the log: also what is below the frontier. */
  readonly isRefilled?: boolean;
}

/** Limits and periods of a partition. @source Iggy server, defaults */
export const partitionLimits = {
  /** Offsets reserved at once when the journal is in memory. */
  frontierBlock: 65_536,
  /** Segments one pass of the cleaner removes at most. */
  segmentsPerPass: 16,
  /** Added to the segment size: the least a size budget can be. */
  maxFrameBytes: 64 * 1024 * 1024,
  /** Bytes written to segments after which they are synced, so that the journal can be drained. */
  syncBytes: 16 * 1024 * 1024,
  /** Applied operations after which the same happens. */
  syncOps: 1_024,
  /** Bytes from the end of the log that are verified when it is opened, and the active segment. */
  verifyBytes: 64 * 1024 * 1024,
  /** Most bytes of batches in one poll reply: a frame of 64 MiB without its headers. */
  pollBytes: 64 * 1024 * 1024 - 256 - 16,
} as const;
