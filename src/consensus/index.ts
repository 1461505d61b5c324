/**
 * Viewstamped Replication as Iggy runs it: pure, synchronous, deterministic.
 * @module
 */
export { decodeClientTable, encodeClientTable } from './client-table/codec.js';
export type {
  ClientTableImage,
  LiveEntryImage,
  RetiredEntryImage,
} from './client-table/image.js';
export type { Chaos, ChaosPoint, ReplicaConfig, RequestPolicy } from './config.js';
export {
  type ConsensusLimits,
  consensusLimits,
  maxReplicas,
  metadataGroup,
  pipelineCeiling,
  serverRequestNumber,
  suffixEntriesMax,
  tickMillis,
  ticksOf,
} from './constants.js';
export type { IgnoreReason, ReplicaCounters } from './counters.js';
export type { HaltReason, ReplicaEffect, SuperblockWrite } from './effects.js';
export {
  ConsensusConfigError,
  ConsensusDecodeError,
  type RecoveryDamage,
  RecoveryRefusedError,
} from './errors.js';
export type { JournalResult, ReplicaEvent } from './events.js';
export { isMetadataGroup, type Plane, planeOf } from './group.js';
export { checkInvariants, InvariantHistory } from './invariants.js';
export type { LogEntry } from './log.js';
export type { Proposal, ProposalOutcome, Verdict } from './proposal.js';
export { countReplicas, type Quorums, quorums, replicaBit } from './quorum.js';
export type { RecoveredSnapshot, RecoveredState } from './recovered.js';
export { Replica } from './replica.js';
export type { SessionView } from './session-view.js';
export type {
  ArtifactSource,
  ReceivedArtifact,
  SnapshotContents,
  SnapshotSource,
  TransferArtifact,
} from './snapshot-source.js';
export type { ReplicaState } from './state.js';
export { sessionsDigest, stateDigest } from './state-digest.js';
export type {
  Admission,
  AdmissionRequest,
  Applied,
  CommittedEntry,
  StateMachine,
} from './state-machine.js';
export type { ReplicaStatus, ReplicaStatusName, TransferStage } from './status.js';
export type { ReplicaTrace } from './trace.js';
