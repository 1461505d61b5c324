import type { LogExtent } from '../../wire/index.js';
import type { TopicSettings } from '../metadata/options/topic-settings.js';
import type { PartitionCounters } from '../metadata/state/counters.js';
import { ConsumerOffsets } from './consumer-offsets.js';
import { EffectQueue } from './effect-queue.js';
import { emptyExtent } from './log-extent.js';
import { LogTail } from './log-tail.js';
import { MessageLog } from './message-log.js';
import type { PartitionConfig } from './partition-config.js';

/** Everything one partition knows; its rules are functions of it in the files around. */
export class PartitionState {
  readonly config: PartitionConfig;
  readonly effects = new EffectQueue();
  readonly log: MessageLog;
  readonly offsets = new ConsumerOffsets();
  readonly tail = new LogTail();
  counters: PartitionCounters;
  settings: TopicSettings;
  partitionsCount: number;
  /** Highest offset ever served to a group on this replica; lost on restart. */
  readonly lastPolled = new Map<number, number>();

  /** Last op whose effects are in this state. */
  appliedOp = 0;
  /** Generation of the last purge that this partition's log has gone through. */
  appliedGeneration = 0;
  /** Generation of the last purge that metadata has committed. */
  committedGeneration: number;
  /** Sealed segments that end at or below this offset shall go, … */
  deletedUpToOffset: number;
  /** … if the log has gone through this purge: offsets mean something else before and after one. */
  deletedInGeneration: number;
  /** Bytes in all segments, the unwritten tail included. */
  sizeBytes = 0;
  messages = 0;
  /** Batches that were accepted with a base offset above the next one. */
  offsetJumps = 0;

  /**
   * No offset below this may be minted, because it may have been given before; 0 = the log says
   * where its offsets are.
   */
  mintFloor = 0;
  /** Next offset behind the batches that the log brought since this start. */
  namedUpTo = 0;
  /** The floor is that of the log this replica takes part in, no more that of an earlier life. */
  isFloorSettled = false;
  /** Offsets below this are reserved (`memory` only). */
  reservedFrontier = 0;
  /** Offsets below this are durably reserved (`memory` only). */
  durableFrontier = 0;

  /** Which offsets the segments have to hold, as the mark says or is about to. */
  extent: LogExtent = emptyExtent(0);
  /** `extent.end` in the mark that was asked for last. */
  recordedEnd = 0;
  /** Of the mark that was asked for last. */
  markSequence = 0;
  /** Marks that are being written. */
  marksUnderWay = 0;
  /** Length of the file of notes; more than its limit means that it has to go first. */
  noteBytes = 0;
  /** Counts the times at which the log was replaced or cut. */
  extentEpoch = 0;
  /** How far the newest purge has come on disk. */
  purgeStage: 'none' | 'files' | 'mark' = 'none';

  /** File operations under way that segments must not be written during. */
  writeBlocks = 0;
  /** Files with appended bytes that no sync covers yet. */
  readonly unsynced = new Set<string>();
  unsyncedBytes = 0;
  /** Last op of the newest sync round. */
  syncedOp = 0;
  isSyncing = false;
  /** A sync was asked for that could not begin yet. */
  wantsSync = false;
  /** True once the host was told to stop; nothing is asked for any more. */
  isHalted = false;
  /** A send body that passed all checks; verifying it again at admission would be waste. */
  verifiedBody: Uint8Array | undefined;
  /** Base offset of the batch that could not be decrypted last. */
  unreadable: number | undefined;

  constructor(config: PartitionConfig) {
    this.config = config;
    this.counters = config.counters;
    this.settings = config.settings;
    this.partitionsCount = config.partitionsCount;
    this.committedGeneration = config.purgeGeneration;
    this.deletedUpToOffset = config.deletedUpToOffset;
    this.deletedInGeneration = config.purgeGeneration;
    this.log = new MessageLog(config.store, {
      segmentSize: config.settings.segmentSize,
      reserves: config.settings.preallocateSegments,
      budget: config.cache,
    });
  }

  /** A purge has committed that the log has not come to yet: what is here is not to be seen. */
  get isHidden(): boolean {
    return this.committedGeneration > this.appliedGeneration;
  }

  /** Highest offset that can be read; 0 for an empty partition too. */
  get currentOffset(): number {
    return this.isHidden ? 0 : Math.max(0, this.log.nextOffset - 1);
  }

  /** False for a partition that never held a message, or none since its last purge. */
  get hasHeldData(): boolean {
    return !this.isHidden && this.log.nextOffset > 0;
  }

  /** Has reads of metadata report what is here. */
  report(): void {
    if (this.isHidden) return;
    this.counters.set({
      sizeBytes: this.sizeBytes,
      messages: this.messages,
      segments: this.log.segments.length,
      currentOffset: this.currentOffset,
    });
  }

  /** Counts sizes and messages again from the segments. */
  recount(): void {
    this.sizeBytes = 0;
    this.messages = 0;
    for (const segment of this.log.segments) {
      this.sizeBytes += segment.size;
      this.messages += segment.messages;
    }
  }

  halt(reason: 'sync_failed' | 'divergence', detail: string): void {
    if (this.isHalted) return;
    this.isHalted = true;
    this.effects.tell({ kind: 'halt', reason, detail });
  }
}
