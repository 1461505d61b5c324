/**
 * The replicated state machines: metadata and partitions. Pure, synchronous, deterministic.
 * @module
 */
export type { AdmissionInput, AdmissionResult, ApplyResult, LogEntry } from './log-entry.js';
export type { AccessScope } from './metadata/access/rules.js';
export type * from './metadata/metadata-face.js';
export {
  type AccessRuleName,
  MetadataMachine,
  type MetadataMachineConfig,
} from './metadata/metadata-machine.js';
export type { ReadQuery } from './metadata/reads/read-query.js';
