/**
 * The replicated state machines: metadata and partitions. Pure, synchronous, deterministic.
 * @module
 */
export type { AdmissionInput, AdmissionResult, ApplyResult, LogEntry } from './log-entry.js';
export type { AccessScope } from './metadata/access/rules.js';
export type * from './metadata/metadata-face.js';
export {
  MetadataMachine,
  type MetadataMachineConfig,
  type MetadataSnapshots,
} from './metadata/metadata-machine.js';
export type { StorageSettings, TopicSettings } from './metadata/options/topic-settings.js';
export { revocationProposal } from './metadata/queries/housekeeping.js';
export type { ReadQuery } from './metadata/reads/read-query.js';
export type {
  CheckpointContents,
  LiveSessionImage,
  RetiredSessionImage,
  SessionsImage,
} from './metadata/snapshot/snapshot-contents.js';
export { SnapshotError } from './metadata/snapshot/snapshot-error.js';
export {
  type PartitionCounters,
  type PartitionFigures,
  partitionCounters,
} from './metadata/state/counters.js';
export { CacheBudget, defaultCacheBytes } from './partitions/batch-cache.js';
export type { MessageCipher } from './partitions/message-cipher.js';
export type { OfferedArtifact } from './partitions/offer.js';
export { type PartitionConfig, partitionLimits } from './partitions/partition-config.js';
export { installMarker } from './partitions/partition-files.js';
export {
  type OpenedPartition,
  openPartition,
  type PartitionArtifacts,
  type PartitionMachine,
} from './partitions/partition-machine.js';
export type { PartitionEffect, PartitionStore } from './partitions/partition-store.js';
export type {
  ConsumerKind,
  PollAnswer,
  PollParts,
  PollQuery,
  PollStart,
} from './partitions/poll-query.js';
export { autoCommitClient, purgeClient } from './partitions/purge-barrier.js';
export type { PartitionDamage } from './partitions/recovery.js';
export type { IncomingFile } from './partitions/staging.js';
