/**
 * Runs the pure layers of one node on ports: storage, queue of inputs, effects in their order. The
 * cluster and the simulator run the same host.
 * @module
 */
export { type BootDamage, BootRefusedError } from './boot-refused.js';
export type { ConnectionInfo, HostInput } from './host-input.js';
export type { HostHalt, HostPorts } from './host-ports.js';
export { NodeHost } from './node-host.js';
export type { NodeHostConfig, PartitionSettings } from './node-host-config.js';
export type { PartitionSlotState } from './partitions/partition-set.js';
export { joiningMark, metadataDirectory } from './places.js';
export { configOfRecord, stateOfRecord } from './recording/begin-record.js';
export { EffectHash } from './recording/effect-hash.js';
export { eventOfRecord } from './recording/event-record.js';
export { digestEvery, type GroupDigest, groupDigest } from './recording/group-recorder.js';
export { RecordedStore } from './recording/recorded-store.js';
export { startNode } from './start-node.js';
