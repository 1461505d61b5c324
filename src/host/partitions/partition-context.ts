import type { HaltReason, ReplicaEvent } from '../../consensus/index.js';
import type { CacheBudget, MetadataMachine } from '../../machine/index.js';
import type { ServerEvent } from '../../server/index.js';
import type { HostInput } from '../host-input.js';
import type { HostPorts } from '../host-ports.js';
import type { NodeHostConfig } from '../node-host-config.js';
import type { MadePartitions } from './made-partitions.js';

/** What the partitions of a node need of it. */
export interface PartitionContext {
  readonly config: NodeHostConfig;
  readonly ports: HostPorts;
  readonly metadata: MetadataMachine;
  readonly cache: CacheBudget;
  readonly made: MadePartitions;
  /** Of this boot of the node. */
  readonly incarnation: bigint;
  /** The node was wiped and has not rejoined. */
  isJoining(): boolean;
  /** Wall time of the turn, microseconds. */
  now(): number;
  /** Queues an input of the node. */
  push(input: HostInput): void;
  /** Steps a partition once the effects of the moment have been performed. */
  later(group: number, revision: number, event: ReplicaEvent): void;
  serve(event: ServerEvent): void;
  /** A partition has rejoined after a wipe. */
  rejoined(): void;
  halt(reason: HaltReason, detail: string): void;
}
