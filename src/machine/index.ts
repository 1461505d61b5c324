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
export type { PartitionCounters, PartitionFigures } from './metadata/state/counters.js';
