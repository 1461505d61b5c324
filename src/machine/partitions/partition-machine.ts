import { xxh3 } from '../../wire/index.js';
import { code } from '../codes.js';
import type { AdmissionInput, AdmissionResult, ApplyResult, LogEntry } from '../log-entry.js';
import type { HousekeepingProposal, PartitionInfo } from '../metadata/metadata-face.js';
import type { PartitionCounters } from '../metadata/state/counters.js';
import {
  admissionStatus,
  admitPartition,
  isBodyIntact,
  logged,
  offsetStatus,
  verifyBody,
} from './admit.js';
import { applyEntry } from './apply.js';
import { noOffset } from './consumer-offsets.js';
import {
  forgetOffsets,
  isEntryReserved,
  offsetFloor,
  offsetFrontier,
  releaseFrontier,
  takeOffsetFloor,
} from './frontier.js';
import { installArtifacts } from './install.js';
import { OfferBuilder, type OfferedArtifact } from './offer.js';
import { readOffsetRequest } from './offset-request.js';
import { encodeOffsetsArtifact } from './offsets-artifact.js';
import type { PartitionConfig } from './partition-config.js';
import { PartitionState } from './partition-state.js';
import type { PartitionEffect } from './partition-store.js';
import { poll, pollParts } from './poll.js';
import type { ConsumerKind, PollAnswer, PollParts, PollQuery } from './poll-query.js';
import { purgeProposal } from './purge-barrier.js';
import { type PartitionDamage, recoverPartition } from './recovery.js';
import { cleanSegments, trimSegments, truncationOffset } from './retention.js';
import { startSync, writeTail } from './segment-writer.js';
import { type IncomingFile, Staging } from './staging.js';

/** State transfer of a partition by files. */
export interface PartitionArtifacts {
  /** Everything applied so far as files; `undefined` = not yet, ask again. */
  offer(commitOp: number): readonly OfferedArtifact[] | undefined;
  /** Prepares to receive the files of an offer. */
  receive(artifacts: readonly IncomingFile[]): void;
  /** Takes the next bytes of one of them; false = they cannot be kept. */
  received(artifact: number, bytes: Uint8Array): boolean;
  /** Whether all bytes are what their checksums say. */
  areIntact(): boolean;
  /** Forgets what was received. */
  abandon(): void;
  /** Starts to replace everything here; an `installed` effect tells how it ended. */
  install(commitOp: number): number;
}

/** A partition whose files were taken up, or why they cannot be. */
export type OpenedPartition =
  | { readonly kind: 'open'; readonly machine: PartitionMachine }
  | ({ readonly kind: 'damaged' } & PartitionDamage);

/**
 * Takes up the files of a partition. Damaged ones are not touched: the host puts them aside, forgets
 * the journal and opens the partition again, to be filled by its peers.
 */
export function openPartition(config: PartitionConfig): OpenedPartition {
  const state = new PartitionState(config);
  const damage = recoverPartition(state);
  if (damage !== undefined) return { kind: 'damaged', ...damage };
  return { kind: 'open', machine: new PartitionMachine(state) };
}

/**
 * The replicated messages and stored offsets of one partition. Admission stamps, apply appends;
 * polls are served from what was applied. What has to happen on disk is asked for with effects.
 * @source Iggy partition state machine
 */
export class PartitionMachine {
  readonly #state: PartitionState;
  readonly artifacts: PartitionArtifacts;

  /** @internal Made by {@link openPartition}. */
  constructor(state: PartitionState) {
    this.#state = state;
    const offers = new OfferBuilder(state);
    const staging = new Staging(state);
    this.artifacts = {
      offer: (commitOp) => offers.offer(commitOp),
      receive: (artifacts) => staging.begin(artifacts),
      received: (artifact, bytes) => staging.add(artifact, bytes),
      areIntact: () => staging.areIntact(),
      abandon: () => staging.abandon(),
      install: (commitOp) => installArtifacts(state, commitOp, staging),
    };
  }

  // What consensus calls.

  admit(request: AdmissionInput): AdmissionResult {
    return admitPartition(this.#state, request);
  }

  verifyBody(entry: LogEntry, bodyChecksum: bigint): boolean {
    return verifyBody(this.#state, entry, bodyChecksum);
  }

  isBodyIntact(entry: LogEntry, bodyChecksum: bigint): boolean {
    return isBodyIntact(this.#state, entry, bodyChecksum);
  }

  logged(entry: LogEntry): void {
    logged(this.#state, entry);
  }

  unlogged(op: number): void {
    this.#state.tail.unlogged(op);
  }

  apply(entry: LogEntry): ApplyResult {
    return applyEntry(this.#state, entry);
  }

  /** Sessions mean nothing to a partition. */
  endSession(_client: bigint, _timestamp: number): void {}

  /** Next offset that superblock records name. */
  offsetFrontier(): number {
    return offsetFrontier(this.#state);
  }

  /** Where the offsets of the log begin as long as no entry tells; 0 = one did. */
  offsetFloor(): number {
    return offsetFloor(this.#state);
  }

  /** This replica takes part in a log whose offsets begin there. */
  takeOffsetFloor(floor: number): void {
    takeOffsetFloor(this.#state, floor);
  }

  /** All replicas lost the log of this partition. */
  forgetOffsets(): void {
    forgetOffsets(this.#state);
  }

  /** Whether what the entry gives away is durably reserved here. */
  mayAcknowledge(op: number): boolean {
    return isEntryReserved(this.#state, op);
  }

  // What the server calls.

  /**
   * 0, or the status a request is refused with before it is logged. A send body that passes is not
   * verified a second time when the same array is admitted next.
   */
  admissionStatus(operation: number, body: Uint8Array): number {
    return admissionStatus(this.#state, operation, body);
  }

  /** Serves a poll and remembers what was served. */
  poll(query: PollQuery): PollAnswer {
    return poll(this.#state, query);
  }

  /** The same in pieces, for callers that copy them into a frame of their own. */
  pollParts(query: PollQuery): PollParts {
    return pollParts(this.#state, query);
  }

  /** Highest offset a poll may return; 0 for an empty partition too. */
  get currentOffset(): number {
    return this.#state.currentOffset;
  }

  /** Stored offset of a consumer or group, or -1. */
  storedOffset(kind: ConsumerKind, consumer: number): number {
    return this.#state.isHidden ? noOffset : this.#state.offsets.get(kind, consumer);
  }

  /** Highest offset ever served to a group on this replica, or -1. */
  lastPolled(group: number): number {
    return this.#state.lastPolled.get(group) ?? noOffset;
  }

  /** Forgets what was served to a group. */
  forgetPolled(group: number): void {
    this.#state.lastPolled.delete(group);
  }

  /** Stores or deletes an offset on this replica alone (ack level 0); 0 or the refusal's status. */
  applyLocally(operation: number, body: Uint8Array): number {
    const status = offsetStatus(this.#state, operation, body);
    const request = readOffsetRequest(operation, body);
    if (status !== code.ok || typeof request === 'number') return status;
    const { kind, key, offset } = request;
    this.#state.offsets.storeLocally(kind, key, offset === undefined ? noOffset : Number(offset));
    startSync(this.#state);
    return code.ok;
  }

  /** End offset of the `count`-th oldest sealed segment, or of the newest one; 0 = nothing to go. */
  truncationOffset(count: number): number {
    return truncationOffset(this.#state, count);
  }

  // What the host calls.

  /** What is to be done on disk and told to the replica, since the last call. */
  takeEffects(): readonly PartitionEffect[] {
    return this.#state.effects.take();
  }

  /** An effect with an id was carried out, or failed. */
  effectDone(id: number, ok: boolean): void {
    this.#state.effects.done(id, ok);
  }

  /** Effects that were asked for and not answered yet. */
  get pendingEffects(): number {
    return this.#state.effects.pending;
  }

  /**
   * Metadata as it is now: settings, watermark of deleted segments, purges. A purge hides what is
   * here at once; it takes effect when its mark has gone through the log.
   */
  update(info: PartitionInfo): void {
    const state = this.#state;
    state.settings = info.settings;
    state.partitionsCount = info.partitionsCount;
    state.deletedUpToOffset = info.deletedUpToOffset;
    state.deletedInGeneration = info.purgeGeneration;
    if (info.purgeGeneration > state.committedGeneration) {
      state.committedGeneration = info.purgeGeneration;
    }
    this.bindCounters(info.counters);
  }

  /** Has other counters report what is here, because metadata was restored. */
  bindCounters(counters: PartitionCounters): void {
    if (counters === this.#state.counters) return;
    this.#state.counters = counters;
    counters.reachedGeneration(this.#state.appliedGeneration);
    this.#state.report();
  }

  /** The mark a primary has to put into the log for a purge that is not in it yet. */
  purgeProposal(): HousekeepingProposal | undefined {
    const { address } = this.#state.config;
    const { committedGeneration: generation, appliedGeneration, tail } = this.#state;
    if (generation <= Math.max(appliedGeneration, tail.purgeGeneration)) return undefined;
    return purgeProposal({ ...address, generation });
  }

  /** A group was deleted: its stored offset and marks go. */
  dropGroup(group: number): void {
    const { offsets, lastPolled } = this.#state;
    if (offsets.get('group', group) !== noOffset) offsets.delete('group', group);
    lastPolled.delete(group);
  }

  /**
   * Drops what is stored for groups that are no more. Catches offsets that were on their way when
   * their group was deleted; left behind they would hold back retention for good.
   */
  keepGroups(isLive: (group: number) => boolean): void {
    const removed = [...this.#state.offsets.groups()].filter((group) => !isLive(group));
    for (const group of removed) this.dropGroup(group);
    if (removed.length > 0) startSync(this.#state);
  }

  /** Groups that something is stored for. */
  storedGroups(): readonly number[] {
    return [...this.#state.offsets.groups()];
  }

  /** One pass of the cleaner; gives the number of segments removed. @param now microseconds */
  clean(now: number): number {
    return cleanSegments(this.#state, now);
  }

  /** Removes the segments that DeleteSegments asked for, as far as consumers have got. */
  trim(): number {
    return trimSegments(this.#state);
  }

  /** Writes and syncs everything applied; a quiet moment is a good one for it. */
  flush(): void {
    startSync(this.#state);
  }

  /** A clean stop: everything is written, and offsets that were reserved ahead are given back. */
  prepareStop(): void {
    writeTail(this.#state);
    startSync(this.#state);
    releaseFrontier(this.#state);
  }

  /** Batches that were accepted with an offset above the next one. */
  get offsetJumps(): number {
    return this.#state.offsetJumps;
  }

  /**
   * A hash of what is replicated besides the messages: next offset, last purge, stored offsets.
   * Equal on all replicas that applied the same entries.
   */
  digest(): bigint {
    return xxh3(encodeOffsetsArtifact(this.#state));
  }
}
