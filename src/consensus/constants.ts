import { ConsensusConfigError } from './errors.js';

/** Length of one tick, the only clock that timers know. */
export const tickMillis = 10;

/** Quorum bitmaps hold this many replicas. */
export const maxReplicas = 32;

/** Uncommitted entries a view change can describe; a limit of the protocol, not a tuning knob. */
export const pipelineCeiling = 127;

/** Headers a DoViewChange or StartView can carry. */
export const suffixEntriesMax = 128;

/** Group id of the metadata group; partition groups are below 2^52. */
export const metadataGroup = 0x8000_0000_0000_0000n;

/** Request number of server-originated operations; never converted to a number. */
export const serverRequestNumber = 0xffff_ffff_ffff_ffffn;

/** Largest view number; going beyond it stops the replica. */
export const viewMax = 0xffff_ffff;

/** Every timer, queue bound and budget of a group. All times are ticks of 10 ms. */
export interface ConsensusLimits {
  readonly prepareTicks: number;
  readonly commitTicks: number;
  readonly heartbeatTicks: number;
  readonly viewChangeRetransmitTicks: number;
  readonly viewChangeStatusTicks: number;
  readonly probeTicks: number;
  /** Unanswered view probes before an election. */
  readonly probeAttempts: number;
  readonly repairTicks: number;
  /** Prepares in flight. */
  readonly pipelineDepth: number;
  /** Accepted requests waiting for a pipeline slot. */
  readonly requestQueueDepth: number;
  /** Entries per repair round. */
  readonly repairChunk: number;
  /** Frames a link can queue towards one peer; a repair round must fit. */
  readonly sendQueueCapacity: number;
  /** Entries a journal holds before it must be checkpointed. */
  readonly journalSlots: number;
  /** Free slots at which a checkpoint starts. */
  readonly checkpointMargin: number;
  /**
   * The log may outgrow `journalSlots` up to this multiple of the last snapshot's bytes, so that
   * the cost of checkpoints per operation stays constant when the state is large; 0 = never.
   */
  readonly checkpointLogFactor: number;
  /** Bytes of entries a journal holds before it must be checkpointed, whatever the slots say. */
  readonly journalBytesMax: number;
  /** Largest log entry in bytes, header included. */
  readonly entryBytesMax: number;
  readonly chunkBytes: number;
  readonly artifactBytesMax: number;
  readonly transferBytesMax: number;
  readonly manifestEntriesMax: number;
  /** Consecutive stalls after which a state transfer is given up. */
  readonly transferStallBudget: number;
  /** Undecodable downloads of one snapshot after which it is refused. */
  readonly transferDecodeBudget: number;
  /** Repair intervals an offer lives without a served chunk, and after its last byte was served. */
  readonly offerIdleIntervals: number;
  readonly offerServedIntervals: number;
  /** Live sessions; outcomes depend on it, so it must be equal on all nodes. */
  readonly clientSlots: number;
  readonly ringReplies: number;
  readonly ringBytes: number;
  /** Replies a ring keeps whatever their size. */
  readonly ringFloor: number;
  /** Bytes of all cached replies together. */
  readonly replyBytesMax: number;
  readonly retiredSlots: number;
  /** Largest reply frame a retired session keeps. */
  readonly retiredReplyBytes: number;
  /** Continuous superblock failures after which the metadata replica stops; 0 = never. */
  readonly superblockFatalTicks: number;
  /** Drained partition entries kept in memory for repair. */
  readonly evictedRingEntries: number;
  readonly evictedRingBytes: number;
}

/** Ticks of a duration: rounded down, at least one. */
export function ticksOf(milliseconds: number): number {
  return Math.max(1, Math.floor(milliseconds / tickMillis));
}

const mebibyte = 1024 * 1024;

const defaults: ConsensusLimits = {
  prepareTicks: 25,
  commitTicks: 50,
  heartbeatTicks: 500,
  viewChangeRetransmitTicks: 50,
  viewChangeStatusTicks: 500,
  probeTicks: 100,
  probeAttempts: 5,
  repairTicks: 100,
  pipelineDepth: 32,
  requestQueueDepth: 64,
  repairChunk: 128,
  sendQueueCapacity: 256,
  journalSlots: 1024,
  checkpointMargin: 64,
  checkpointLogFactor: 4,
  journalBytesMax: 256 * mebibyte,
  entryBytesMax: 64 * mebibyte,
  chunkBytes: 256 * 1024,
  artifactBytesMax: 1024 * mebibyte,
  transferBytesMax: 4096 * mebibyte,
  manifestEntriesMax: 65_536,
  transferStallBudget: 5,
  transferDecodeBudget: 5,
  offerIdleIntervals: 10,
  offerServedIntervals: 3,
  clientSlots: 8192,
  ringReplies: 64,
  ringBytes: 256 * 1024,
  ringFloor: 5,
  replyBytesMax: 768 * mebibyte,
  retiredSlots: 65_536,
  retiredReplyBytes: 4096,
  superblockFatalTicks: 12_000,
  evictedRingEntries: 4096,
  evictedRingBytes: 16 * mebibyte,
};

/**
 * The limits of a group: the protocol's defaults with some of them replaced. What follows from a
 * replaced value (request queue, checkpoint margin, reply floor) follows unless given too.
 * @throws CONSENSUS_CONFIG_INVALID when the set breaks a start-time rule.
 */
export function consensusLimits(overrides: Partial<ConsensusLimits> = {}): ConsensusLimits {
  const depth = overrides.pipelineDepth ?? defaults.pipelineDepth;
  const limits: ConsensusLimits = {
    ...defaults,
    requestQueueDepth: 2 * depth,
    checkpointMargin: Math.max(64, depth),
    ringFloor: Math.min(defaults.ringFloor, overrides.ringReplies ?? defaults.ringReplies),
    ...overrides,
  };
  for (const rule of rules) {
    if (!rule.holds(limits)) throw new ConsensusConfigError(rule.text, { limits });
  }
  return limits;
}

interface Rule {
  readonly text: string;
  readonly holds: (limits: ConsensusLimits) => boolean;
}

const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;

const rules: readonly Rule[] = [
  {
    text: 'every limit must be a non-negative integer',
    holds: (l) => Object.values(l).every((value) => Number.isSafeInteger(value) && value >= 0),
  },
  {
    text: 'every timer interval must be at least one tick',
    holds: (l) =>
      [
        l.prepareTicks,
        l.commitTicks,
        l.viewChangeRetransmitTicks,
        l.probeTicks,
        l.repairTicks,
      ].every((ticks) => ticks >= 1),
  },
  {
    text: 'the heartbeat timeout must be at least 2 s and 4 commit intervals',
    holds: (l) => l.heartbeatTicks >= Math.max(200, 4 * l.commitTicks),
  },
  {
    text: 'the view change status timeout must be at least 4 retransmit intervals',
    holds: (l) => l.viewChangeStatusTicks >= 4 * l.viewChangeRetransmitTicks,
  },
  {
    text: 'view probe attempts must be 1..100',
    holds: (l) => within(l.probeAttempts, 1, 100),
  },
  {
    text: `the pipeline depth must be 1..${pipelineCeiling}`,
    holds: (l) => within(l.pipelineDepth, 1, pipelineCeiling),
  },
  {
    text: 'the repair chunk must be 1..1024 and below the send queue capacity',
    holds: (l) => within(l.repairChunk, 1, 1024) && l.repairChunk < l.sendQueueCapacity,
  },
  {
    text: 'the checkpoint margin must be at least the pipeline depth',
    holds: (l) => l.checkpointMargin >= l.pipelineDepth,
  },
  {
    text: 'the journal must hold the checkpoint margin and two pipelines',
    holds: (l) => l.journalSlots >= l.checkpointMargin + 2 * l.pipelineDepth,
  },
  {
    text: 'the client table must have 2..65536 slots',
    holds: (l) => within(l.clientSlots, 2, 65_536),
  },
  {
    text: 'a reply ring must hold 1..64 replies and its floor must fit',
    holds: (l) => within(l.ringReplies, 1, 64) && within(l.ringFloor, 1, l.ringReplies),
  },
  {
    text: 'the superblock window must be 0 or at least 30 s',
    holds: (l) => l.superblockFatalTicks === 0 || l.superblockFatalTicks >= 3000,
  },
  {
    text: 'a transfer chunk must have 1 byte to 1 MiB',
    holds: (l) => within(l.chunkBytes, 1, mebibyte),
  },
];
