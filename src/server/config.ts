import type { ConsensusView } from './consensus-view.js';
import type { MetadataView } from './machine-view.js';
import type { PartitionsView } from './partition-view.js';
import type { RosterConfig } from './roster-config.js';

/** Length of one tick in milliseconds; every timeout of the server counts ticks. */
export const tickMillis = 10;

/** Settings of one node's server. Durations are milliseconds. */
export interface ServerConfig {
  /** Index of this node: high 16 bits of its transport ids and its replica number. */
  readonly node: number;
  readonly nodeCount: number;
  /** Cluster id of the headers this node sends to other replicas. */
  readonly cluster: bigint;
  /** Random non-zero u64 of this boot; forward nonces start from it. */
  readonly bootIncarnation: bigint;
  /** Announced in the login reply and in stats; starts with `iggyctl/`. */
  readonly serverVersion: string;
  /** PHC string an unknown user's password is compared with; same parameters as real hashes. */
  readonly dummyPasswordHash: string;
  readonly heartbeatEnabled: boolean;
  readonly heartbeatIntervalMillis: number;
  /** Half-close a connection after StaleClient was sent to it. */
  readonly closeStaleClients: boolean;
  /** Delay of the disconnect logout for clients that announced resume; 0 = none. */
  readonly resumeGraceMillis: number;
  readonly maxTokensPerUser: number;
  /** Failed logins of a connection, and of a name from one address, that cost nothing; 0 = any. */
  readonly freeLoginAttempts: number;
  /** Distance between further attempts, and the time after which a failure is forgiven. */
  readonly loginAttemptIntervalMillis: number;
  /** Time between passes of the cleaner of expired tokens; 0 = no cleaner. */
  readonly tokenCleanerIntervalMillis: number;
  /** After this time a partition changes its owner although polled messages are not stored. */
  readonly rebalancingTimeoutMillis: number;
  /** Password verifications and hashes under way at the same time; more wait. */
  readonly maxPasswordJobs: number;
  /** A connection is not read while more frames or bytes than this are queued for it. */
  readonly maxQueuedFrames: number;
  readonly maxQueuedBytes: number;
  readonly roster: RosterConfig;
}

/** The settings a caller may leave out, with their defaults. */
export const serverDefaults = {
  heartbeatEnabled: true,
  heartbeatIntervalMillis: 30_000,
  closeStaleClients: true,
  resumeGraceMillis: 10_000,
  maxTokensPerUser: 100,
  freeLoginAttempts: 32,
  loginAttemptIntervalMillis: 250,
  tokenCleanerIntervalMillis: 60_000,
  rebalancingTimeoutMillis: 30_000,
  maxPasswordJobs: 4,
  maxQueuedFrames: 256,
  maxQueuedBytes: 64 * 1024 * 1024,
} as const satisfies Partial<ServerConfig>;

/** Figures of the process and the machine for get_stats; the host collects them on demand. */
export interface SystemFigures {
  readonly processId: number;
  /** Percent since the previous call; 0 on the first. */
  readonly cpuUsage: number;
  readonly totalCpuUsage: number;
  readonly memoryUsage: number;
  readonly totalMemory: number;
  readonly availableMemory: number;
  readonly runTimeMicros: number;
  readonly startTimeMicros: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly hostname: string;
  readonly osName: string;
  readonly osVersion: string;
  readonly kernelVersion: string;
  readonly threads: number;
  readonly freeDisk: number;
  readonly totalDisk: number;
}

/** What the server reads from the world around it. Every call answers at once. */
export interface ServerDeps {
  readonly metadata: MetadataView;
  readonly consensus: ConsensusView;
  readonly partitions: PartitionsView;
  /** `length` unpredictable bytes in a fresh array. */
  readonly entropy: { bytes(length: number): Uint8Array };
  /** Whether a frame handed to the link towards `replica` can leave now. */
  readonly links: { isUp(replica: number): boolean };
  system(): SystemFigures;
}
