import { createPrng, type Prng } from '../base/index.js';
import { genesisParent } from '../wire/index.js';
import { Canonical } from './canonical.js';
import { ClientTable } from './client-table/client-table.js';
import type { ReplicaConfig } from './config.js';
import type { ConsensusLimits } from './constants.js';
import { Counters } from './counters.js';
import type { ReplicaEffect, SuperblockWrite } from './effects.js';
import { FrameTemplates } from './frame/control.js';
import type { Vote } from './frame/suffix.js';
import { type Plane, planeOf } from './group.js';
import { Log, type LogAnchor } from './log.js';
import type { MergedLog } from './merge.js';
import { Pipeline } from './pipeline.js';
import type { Proposal } from './proposal.js';
import { type Quorums, quorums } from './quorum.js';
import { ReadRounds } from './read-rounds.js';
import type { RepairSession } from './repair-session.js';
import type { StateMachine } from './state-machine.js';
import type { ReplicaStatusName, TransferStage } from './status.js';
import { createTimeouts, type Timeouts } from './timeouts.js';
import { Offers, type TransferSession } from './transfer-session.js';

/** A journal write that was asked for and has not been completed. */
export interface PendingWrite {
  /** The appended op, or 0 for a rewrite. */
  readonly op: number;
  readonly checksum: bigint;
  /** View in which the entry was claimed by this replica as primary, or -1. */
  readonly claimedIn: number;
  /** A rewrite that removes entries; no gated frame leaves before it is done. */
  readonly discards: boolean;
}

/** A checkpoint on its way to disk, step by step. */
export interface PendingCheckpoint {
  readonly op: number;
  readonly checksum: bigint;
  readonly payload: Uint8Array;
  readonly stage: 'snapshot' | 'superblock';
}

/**
 * How far a replica whose journal may have been lost is from taking part again: `blind` until it
 * adopts a StartView, `catching-up` until it has applied the commit point that came with it.
 */
export type Amnesia = 'none' | 'blind' | 'catching-up';

/** All state of one replica of one group. Rules change it; nobody else sees it. */
export class ReplicaState {
  readonly config: ReplicaConfig;
  readonly limits: ConsensusLimits;
  readonly plane: Plane;
  readonly quorums: Quorums;
  readonly self: number;
  readonly replicaCount: number;
  readonly machine: StateMachine;
  readonly templates: FrameTemplates;
  readonly prng: Prng;
  readonly counters = new Counters();

  /** Effects of the step under way. */
  out: ReplicaEffect[] = [];
  tracing: boolean;
  halted = false;
  /** Wall time of the step under way, microseconds. */
  now = 0;
  /** Ticks since this start. */
  ticks = 0;

  status: ReplicaStatusName = 'recovering';
  view = 0;
  logView = 0;
  viewDurable = 0;
  logViewDurable = 0;

  head = 0;
  /** Identity of the prepare at `head`: the parent of the next one. */
  headChecksum: bigint;
  timestampFloor = 0;
  commitMin = 0;
  commitMax = 0;
  /** Identity of the entry applied last, from which everything above hangs. */
  anchor: LogAnchor;
  /** The anchor's identity is unknown (a floor accepted without a header). */
  isAnchorOpen = false;
  /** Partitions: the entry at `commitMin` is asked for, so that a vote can name its commit point. */
  isAnchorWanted = false;
  /** Header kept without its body: the entry at an installed checkpoint, or the drained one. */
  keptHeader: Uint8Array | undefined;
  /** Every op in `(commitMin, runTop]` is durably held and chained to the one below. */
  runTop = 0;
  readonly log = new Log();
  /** Fetched entries of a merged log until the view starts, or ones not known to be right yet. */
  readonly staged = new Log();
  /** Partitions: drained entries that are still served to peers. */
  readonly evicted = new Log();
  /** Partitions: entries up to here have left the journal. */
  drainedUpTo = 0;
  readonly canonical = new Canonical();
  readonly table: ClientTable;

  readonly pipeline: Pipeline;
  requestQueue: Proposal[] = [];
  /** Highest op sent along the chain in this view by this replica as its primary. */
  sentUpTo = 0;

  readonly timeouts: Timeouts;
  hasCeded = false;
  observedNewerView = 0;
  /** Counter of the newest heartbeat of this view, sent or accepted. */
  heartbeatCounter = 0;
  /** Head announced when this view was adopted, 0 if it was entered without a StartView. */
  adoptedHead = 0;
  /** Head with which this replica started the view as primary. */
  startedHead = 0;
  /** The StartView of this view, as primary, left (or needs not). */
  isViewAnnounced = false;

  /** Others that were heard since the quorum check last held, and the tick it did. */
  peersHeard = 0;
  quorumSeenAt = 0;
  /** Tick at which each backup of this view answered last. */
  heardAt: number[] = [];

  svcSenders = 0;
  isVoteDue = false;
  /** The DoViewChange of this view as sent; repeated byte for byte. */
  sentVote: Uint8Array | undefined;
  votes: (Vote | undefined)[] = [];
  /** A vote came in that no merge has seen. */
  hasNewVote = false;
  /** A merge of this view decided; its log is being repaired towards. */
  merged: MergedLog | undefined;
  /** The votes that decided the newest merge of this replica, with their outcome. */
  decided: { readonly votes: readonly Vote[]; readonly log: MergedLog } | undefined;
  /** Others heard since this view change was entered. */
  viewChangePeers = 0;
  /** Valid headers of the log of `logView`, as adopted or merged, by op. */
  viewHeaders: ReadonlyMap<number, Uint8Array> = new Map();

  bootIncarnation = 0n;
  probeCounter = 0n;
  probeAttempts = 0;
  amnesia: Amnesia = 'none';
  /** As primary: probes from later views since the view began. */
  aheadProbes = 0;
  /** Probes carry this: the journal did not survive. */
  journalLost = false;
  /** Log view in which this replica, like all others, gave up its lost log; -1 = it did not. */
  forgottenIn = -1;
  joining = false;
  /**
   * Wiped, in a group whose log is in memory: nothing says that the log holds all that others have in
   * files, so it takes a copy of their state before it follows the log.
   */
  isUnfilled = false;
  /** Others whose probes carried the journal-lost mark since this start. */
  lostPeers = 0;
  /** Highest view any of them was in. */
  lostView = 0;
  /** Commit point to reach before amnesia ends. */
  rejoinCommit = 0;
  /** Where the offsets of the log begin that is caught up with, until it names them itself. */
  rejoinFloor = 0;
  lostUpTo = 0;
  /** The same as the last record on disk has it. */
  lostUpToDurable = 0;
  recoveryBarrier = 0;

  transferStage: TransferStage = 'idle';
  transfer: TransferSession | undefined;
  /** Whom to ask for a state, once that is known; -1 = nobody yet. */
  transferPeer = -1;
  repair: RepairSession | undefined;
  /** Something committed or canonical is missing here; settled at the end of the step. */
  isRepairWanted = false;
  /** Elect: peers that no longer retain what is missing. */
  exhaustedSources = 0;
  /** Partitions: op up to which a peer retains nothing, not yet judged; 0 = none. */
  floorCandidate = 0;
  transferDecodeFailures = 0;
  /** Checksum of a snapshot that could not be decoded again and again; not taken any more. */
  refusedSnapshot: bigint | undefined;
  /** After a refusal nobody is asked again before this tick. */
  transferRetryAt = 0;
  /** A received snapshot on its way to disk. */
  incoming:
    | { readonly payload: Uint8Array; readonly checksum: bigint; readonly op: number }
    | undefined;
  nonceCounter = 0n;
  readonly reads = new ReadRounds();
  readonly offers = new Offers();
  /** Applied something else than the view's log says; waits for a transfer. */
  isFenced = false;

  checkpointOp = 0;
  checkpointChecksum = 0n;
  checkpointPayload: Uint8Array | undefined;
  checkpoint: PendingCheckpoint | undefined;
  checkpointRetryAt = 0;
  /** Write number of the snapshot on its way to disk, or 0. */
  snapshotWrite = 0;

  writeCounter = 0;
  readonly pendingWrites = new Map<number, PendingWrite>();
  /** Inherited ops of a primary whose write failed; written again on the next tick. */
  readonly unwritten = new Set<number>();
  /** Tick at which a journal write failed last. */
  appendFailedAt = Number.NEGATIVE_INFINITY;
  /** Rewrites under way that remove entries. */
  pendingDiscards = 0;
  /** A rewrite has to be emitted at the end of this step. */
  isRewriteQueued: 'no' | 'drain' | 'discard' = 'no';
  rewriteRetryAt = 0;
  /** Ops whose write needs no completion event (memory mode). */
  landed: number[] = [];

  superblockWrite:
    | { readonly write: number; readonly record: SuperblockWrite; readonly frontiers: number }
    | undefined;
  superblockFailures = 0;
  superblockFailingSince = 0;
  superblockRetryAt = 0;
  /** A record is wanted although the views are durable (checkpoint, frontier, lost ops). */
  isSuperblockWanted = false;
  frontierTokens: number[] = [];
  /** Something has to be said in this view as soon as the gate is open. */
  isResumeDue = false;
  /** The entry just applied is one that the others should know to be committed at once. */
  isCommitUrgent = false;

  constructor(config: ReplicaConfig, machine: StateMachine) {
    this.config = config;
    this.limits = config.limits;
    this.plane = planeOf(config.group);
    this.quorums = quorums(config.replicaCount);
    this.self = config.replica;
    this.replicaCount = config.replicaCount;
    this.machine = machine;
    this.templates = new FrameTemplates(config);
    // The same on every start, on purpose: elections and backoff replay identically.
    this.prng = createPrng(config.group ^ BigInt(config.replica));
    this.tracing = config.tracing;
    this.table = new ClientTable(config.limits);
    this.pipeline = new Pipeline(config.limits.pipelineDepth);
    this.timeouts = createTimeouts(config.limits);
    const genesis =
      this.plane === 'metadata' ? 0n : genesisParent(config.group, BigInt(config.groupIncarnation));
    this.headChecksum = genesis;
    this.anchor = { op: 0, checksum: genesis };
  }

  get primary(): number {
    return this.view % this.replicaCount;
  }

  /** Arithmetic only; see {@link isActingPrimary}. */
  get isPrimaryByIndex(): boolean {
    return this.view % this.replicaCount === this.self;
  }

  get isTransferring(): boolean {
    return this.transferStage !== 'idle' || this.isUnfilled;
  }

  get isActingPrimary(): boolean {
    return this.isPrimaryByIndex && !this.hasCeded && this.status === 'normal';
  }

  /** The table is complete: what it says may end a session or admit a Register. */
  get isCaughtUp(): boolean {
    return (
      this.isActingPrimary &&
      !this.isTransferring &&
      !this.isFenced &&
      this.commitMin === this.commitMax &&
      this.commitMax >= this.recoveryBarrier
    );
  }
}
