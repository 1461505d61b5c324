import type { ConsensusLimits } from '../../consensus/index.js';
import type { DataPlan } from './data-plan.js';

/** Named mixtures of faults. */
export const profiles = [
  ...['swarm', 'calm', 'lossy', 'partition', 'crashy', 'disk', 'sessions'],
  ...['hopeless', 'perf', 'deaf', 'reads', 'stranded', 'forged'],
] as const;

/** A disturbance with a beginning and an end; each can be left out without moving another. */
export interface Fault {
  readonly id: number;
  readonly kind: FaultKind;
  readonly at: number;
  /** First tick after the fault; equal to `at` for what has no duration. */
  readonly until: number;
  /** Replica it happens to, or -1 for the acting primary at that time. */
  readonly target: number;
  /** Meaning depends on the kind: other end of a link, mask of a side, frame command, … */
  readonly value: number;
}

/** All kinds of faults. */
export const faultKinds = [
  /** The process dies; completed writes stay. Restarts at `until`. */
  'crash',
  /** As crash, but what was not synced is lost, kept or torn. */
  'power',
  /** All replicas lose power at one tick. */
  'blackout',
  /** No input until the end, then all of it at once. */
  'pause',
  /** Cut off in both directions. */
  'isolate',
  /** Hears nobody; what it sends arrives. */
  'deaf',
  /** The replicas of a bit mask are separated from the others. */
  'split',
  /** One directed link loses everything. */
  'cut',
  /** One directed link holds everything back. */
  'clog',
  /** Frames of one command are lost, on all links. */
  'filter',
  /** The wall clock jumps by `value` milliseconds. */
  'clock-step',
  /** The next sync of the journal fails. */
  'sync-failure',
  /** Appends fail for want of space. */
  'disk-full',
  /** Superblock and snapshot writes fail. */
  'replace-failure',
  /** All disk operations take `value` times longer. */
  'slow-disk',
  /** A file of the metadata is damaged while the replica is down; it comes back wiped. */
  'rot',
  /** The operator wipes the replica and lets it join again. */
  'wipe',
  /** The connections of all clients of this replica are reset. */
  'reset-clients',
  /** The process dies right after it sent a frame of command `value`; -1 = the first to send one. */
  'crash-after',
  /**
   * The primary dies with an entry that reached the next replica alone, and that one as soon as it
   * announced itself as the next primary.
   */
  'strand',
  /**
   * The primary is cut off until its successor has sent its first prepare; then that one dies and
   * the old one is back, with a longer log of an older view.
   */
  'relapse',
  /**
   * The primary and the next replica alone hold an entry; that one loses its disk, comes back
   * without it, and then the primary dies.
   */
  'forget',
  /** The primary is cut off and sees one tick of twenty, so that it goes on to believe in itself. */
  'trance',
  /** The primary is cut off; what it builds then arrives late elsewhere, under its successor's view. */
  'forge',
  /** A replica dies twice, and the answer to its first question for the view comes a second time. */
  'echo',
  /** The primary dies with an entry that others hold, and its successor cannot commit it for a while. */
  'inherit',
  /** Each replica hears its two neighbours in an order that `value` gives, and nobody else. */
  'ring',
  /** Two halves that are joined by one replica alone. */
  'bridge',
  /** The primary is on the smaller side of a partition; it alone is not heard, if `value` is odd. */
  'minority',
  /** Some replicas are clogged one after another, and released in another order. */
  'swizzle',
  /** Several kinds of frames are lost on one link. */
  'filter-link',
  /** Sees every n-th tick only. */
  'slow',
  /** Dies, and again while it recovers, several times. */
  'reboot',
  /** Dies at a named place of its disk's work: before or after a write of a file. */
  'crash-at',
  /** The wall clock stands still, and jumps when it goes on. */
  'clock-freeze',
  /** The wall clock goes to and fro. */
  'clock-wave',
  /** Metadata files cannot be read, or are read wrong; a restart finds it. */
  'misread',
  /** Answers to clients of this replica get lost. */
  'lost-replies',
  /** The connections of all clients of this replica die, and neither end is told. */
  'drop-clients',
  /** One end of each of them closes it: the clients' if `value` is odd, else the replica's. */
  'half-close',
  /** A file of a partition is damaged while the replica is down; it has to repair it, or fetch it. */
  'rot-data',
  /** Another node answers at the address of this one; connections that are there stay. */
  'roster',
] as const;

/** One of {@link faultKinds}. */
export type FaultKind = (typeof faultKinds)[number];

/** What the links between replicas do all the time. Probabilities are millionths. */
export interface NetworkPlan {
  readonly minDelay: number;
  readonly meanDelay: number;
  readonly loss: number;
  readonly duplication: number;
  /** Largest extra delay of a copy. */
  readonly copyDelay: number;
  readonly corruption: number;
  /** Chance of a frame to be a thousand ticks late. */
  readonly lateness: number;
  /** Chance that a late copy of a prepare names another view, the one field nothing covers. */
  readonly forgery: number;
  /** What single links suffer beside it; absent = nothing. */
  readonly trouble?: TroublePlan;
  /** Links are streams of bytes in pieces, which break; absent = whole frames. */
  readonly pipes?: PipePlan;
}

/** Troubles of single links. Probabilities are millionths. */
export interface TroublePlan {
  /** Chance of a frame to begin a bad spell of its link, its longest time, percent lost in it. */
  readonly burst: number;
  readonly burstTicks: number;
  readonly burstLoss: number;
  /** Chance of a frame to take 10 to 100 times as long. */
  readonly spike: number;
  /** A quarter of the links is slower by a factor up to this; 1 = none. */
  readonly slowest: number;
  /** Frames on a link at one time; 0 = any number. */
  readonly capacity: number;
  /** Chance of a frame to reach a random replica instead, its sender included. */
  readonly misroute: number;
  /** 1: altered frames are altered in more ways than by one bit. */
  readonly mangling: number;
}

/** Links between replicas as streams. */
export interface PipePlan {
  /** Most bytes of a piece. */
  readonly chunk: number;
  /** Chance of a frame to be the last one, cut anywhere; millionths. */
  readonly reset: number;
  /** Most ticks until a broken connection is made again. */
  readonly backoff: number;
  /** Chance of a frame to be lost with all behind it, which its sender notices late; absent = never. */
  readonly silence?: number;
  /** Chance of a frame to be the first of a second connection beside the one there is. */
  readonly overlap?: number;
}

/** Connections of clients. Probabilities are millionths. */
export interface ClientLinkPlan {
  /** Chance of a frame to be altered, in either direction. */
  readonly corruption: number;
}

/** What the disks do all the time, in ticks. */
export interface DiskPlan {
  readonly minDelay: number;
  readonly meanDelay: number;
  readonly stall: number;
  /** 1: names are not durable by themselves; a power cut leaves what a replacement began, or nothing. */
  readonly names?: number;
}

/** Clients and what they ask for. */
export interface WorkloadPlan {
  readonly clients: number;
  /** Clients that do not keep to the rules of sessions. */
  readonly rough: number;
  /** The first clients, that ask for nothing but linearizable reads. */
  readonly readers: number;
  /** How many of the readers stay with one node each, whoever leads; absent = none. */
  readonly loyal?: number;
  /** Pairs of clients that use one identity. */
  readonly twins: number;
  /** Ticks a client rests between two calls. */
  readonly think: number;
  /** Answered requests after which no more are made; 0 = no limit. */
  readonly requests: number;
  /** Names that are chosen from. */
  readonly names: number;
  /** Weights of the kinds of requests, in the order of {@link requestKinds}. */
  readonly weights: readonly number[];
  readonly timeoutMillis: number;
  readonly linkDelay: number;
  /** Bytes of clients arrive in pieces of at most this size; 0 = whole. */
  readonly chunk: number;
}

/** What clients ask for. */
export const requestKinds = [
  ...['create-stream', 'update-stream', 'delete-stream', 'purge-stream', 'create-topic'],
  ...['delete-topic', 'create-user', 'delete-user', 'read', 'linearizable-read'],
  ...['logout', 'disconnect'],
] as const;

/** How frames due in one tick are ordered. */
export const deliveries = ['by-time', 'uniform', 'fifo', 'priority', 'starve'] as const;

/** One of {@link deliveries}. */
export type Delivery = (typeof deliveries)[number];

/** One run as data: everything that happens follows from it. */
export interface Plan {
  readonly format: 'iggy-sim-plan';
  readonly version: 1;
  /** 16 hexadecimal digits. */
  readonly seed: string;
  readonly profile: string;
  readonly replicas: number;
  /** Fault phase and the time given to converge, in ticks of 10 ms. */
  readonly ticks: number;
  readonly livenessTicks: number;
  readonly quiesce: boolean;
  readonly limits: Partial<ConsensusLimits>;
  readonly requestPolicy: 'watermark' | 'strict';
  readonly delivery: Delivery;
  /** Inputs of one tick are handled together (true) or one by one. */
  readonly batched: boolean;
  /**
   * Member of the cluster that is of no use after healing; -1 = none, -2 = the acting primary, or
   * as many as can be done without of those that are down, -3 = the replica behind the primary.
   */
  readonly leftOut: number;
  /** It stays down, or speaks and hears nothing. */
  readonly leftOutHow: 'down' | 'deaf';
  readonly network: NetworkPlan;
  /** What connections of clients suffer all the time; absent = nothing. */
  readonly clientLinks?: ClientLinkPlan;
  readonly disk: DiskPlan;
  /** Drift in parts per million and first offset in milliseconds, by replica. */
  readonly clocks: readonly { readonly offset: number; readonly drift: number }[];
  readonly workload: WorkloadPlan;
  /** Partitions and what is done with them; absent in runs about metadata alone. */
  readonly data?: DataPlan;
  readonly faults: readonly Fault[];
}
