/**
 * Local clusters: several nodes in one process with real ports, real files and links that can be made
 * to fail.
 * @module
 */

export { Chaos, type ChaosLevel } from './chaos.js';
export type { ClusterFaults, IsolationDirection } from './cluster-faults.js';
export type { ClusterNode, NodeState } from './cluster-node.js';
export type { RecordOptions } from './cluster-recording.js';
export { ClusterService, type ServiceEnd, type ServiceOptions } from './cluster-service.js';
export { ControlClient } from './control-client.js';
export { ControlError } from './control-protocol.js';
export {
  type DetachedProgram,
  type FoundCluster,
  findCluster,
  findClusters,
  pruneCluster,
  startDetached,
} from './detached.js';
export { DirectoryLockedError, directoryHolder } from './directory-lock.js';
export {
  ClusterFileError,
  ClusterNotReadyError,
  ClusterOptionError,
  ClusterStateError,
} from './errors.js';
export type { ClusterEvent, ClusterEventLevel, EventLog } from './events.js';
export {
  type ClientRow,
  type InspectSection,
  inspectSections,
  type LogRow,
  type NodeInspection,
  type PartitionRow,
  type SessionRow,
  type TimerRow,
} from './inspect.js';
export { cleanLink, type LinkRule, type LinkState } from './link-rules.js';
export { type ClusterHalt, type KillMode, LocalCluster, type NodeHalt } from './local-cluster.js';
export { type ClusterManifest, ManifestError } from './manifest.js';
export type { NodePorts } from './node-listeners.js';
export type { LocalClusterOptions } from './options.js';
export { isJsonList, isJsonObject, type Json, type JsonObject, plainJson } from './plain-json.js';
export type { ReadyNode, ReadyRecord } from './ready-record.js';
export type { BusTap, ReplicaBus } from './replica-bus.js';
export { type RunPaths, readReadyRecord, runPathsOf } from './run-directory.js';
export type { SettingName } from './settings.data.js';
export {
  ClusterSettings,
  nearestSettings,
  parseDuration,
  SettingError,
  type SettingSource,
  type SettingView,
} from './settings.js';
export type { ClusterStatus, NodeStatus } from './status.js';
export { endOf, type Traffic, type TrafficEnd, type TrafficTap } from './traffic.js';
