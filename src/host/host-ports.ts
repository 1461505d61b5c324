import type { HaltReason, ReplicaTrace } from '../consensus/index.js';
import type {
  ClientLinks,
  Clock,
  Disk,
  Entropy,
  InputSink,
  LogSink,
  MessageCipher,
  PasswordHashing,
  ReplicaLinks,
} from '../ports/index.js';
import type { SnapshotRequest, SystemFigures } from '../server/index.js';

/** Why a node stopped for good. `boot` is not one of them: a refused boot never started. */
export interface HostHalt {
  readonly reason: HaltReason;
  readonly detail: string;
}

/** Everything outside that a node needs. */
export interface HostPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly links: ReplicaLinks;
  readonly clients: ClientLinks;
  readonly disk: Disk;
  readonly hashing: PasswordHashing;
  /** Encrypts the messages of partitions at rest; absent = they are stored as they come. */
  readonly cipher?: MessageCipher;
  readonly log: LogSink;
  /** Takes down what the replicas are told; absent = nobody does. */
  readonly recorder?: InputSink;
  /** The node has inputs: call `drain` soon. */
  wake(): void;
  /** Figures of the process and the machine, for get_stats. */
  system(): SystemFigures;
  /** Builds the archive of command 11; answers later, with `undefined` if it failed. */
  collectSnapshot(request: SnapshotRequest, done: (archive: Uint8Array | undefined) => void): void;
  /** The node stopped itself; it does nothing any more. */
  halted(halt: HostHalt): void;
  /** Receives the events of consensus while tracing is on. */
  trace(event: ReplicaTrace, group: bigint): void;
}
