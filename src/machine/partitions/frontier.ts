import { partitionLimits } from './partition-config.js';
import type { PartitionState } from './partition-state.js';

// With a journal the next offset can always be found again from journal and segments. Without one
// it would be forgotten in a crash and given a second time; hence offsets are reserved ahead, in
// blocks, and none is given or acknowledged above what is durably reserved here. A log that begins
// after all journals were lost goes on behind the highest reservation: as long as no entry of the
// log says where its offsets are, every replica carries that floor.

/** Next offset to write into superblock records. */
export function offsetFrontier(state: PartitionState): number {
  const { nextOffset } = state.log;
  // A log that is filled again is behind what it once was.
  const floor = state.config.ack === 'memory' ? state.reservedFrontier : state.mintFloor;
  return Math.max(floor, nextOffset);
}

/**
 * Takes over what a record on disk says: everything below may have been given already. A whole journal
 * and a mark know better: the record may be of the time before a purge.
 */
export function recoverFrontier(state: PartitionState, isMarked: boolean): void {
  const { ack, offsetFrontier: recorded, isJournalWhole = false } = state.config;
  const { log } = state;
  const namesOffsets = log.nextOffset > 0 || log.active.hasFile || (isMarked && isJournalWhole);
  if (ack === 'memory') state.mintFloor = Math.max(recorded, log.nextOffset);
  else if (!namesOffsets) state.mintFloor = recorded;
  state.reservedFrontier = recorded;
  state.durableFrontier = recorded;
  state.isFloorSettled = false;
  reserveAhead(state, Math.max(log.nextOffset, state.mintFloor));
}

/** The offset the next batch at this place of the log gets. */
export function mintOffset(state: PartitionState, op: number): number {
  const { log, mintFloor, tail } = state;
  const floor = Math.max(log.nextOffset, mintFloor);
  const expected = tail.expectedAt(op, floor) ?? floor;
  if (!isFloorShared(state) || expected >= mintFloor) return expected;
  // A purge that is not applied yet takes it to 0 only if the floor has ended when the log comes to it.
  return tail.names(op, mintFloor) ? expected : mintFloor;
}

/** Whether the floor is that of a log that all replicas lost: with a journal none is ever lost so. */
function isFloorShared({ config }: PartitionState): boolean {
  return config.ack === 'memory' && config.hasPeers === true;
}

/** Whether offsets below `next` may be given. */
export function isReserved(state: PartitionState, next: number): boolean {
  return state.config.ack === 'fsync' || next <= state.durableFrontier;
}

/** Whether the offsets of a logged entry may be given: only then it is acknowledged. */
export function isEntryReserved(state: PartitionState, op: number): boolean {
  return isReserved(state, state.tail.nextBehind(op) ?? 0);
}

/** Reserves the next block before the present one is used up. */
export function reserveAhead(state: PartitionState, next: number): void {
  if (state.config.ack === 'fsync') return;
  const { frontierBlock } = partitionLimits;
  if (next + frontierBlock / 2 <= state.reservedFrontier) return;
  const target = next + frontierBlock;
  state.reservedFrontier = target;
  state.effects.ask({ kind: 'persist-frontier' }, (ok) => {
    if (ok) state.durableFrontier = Math.max(state.durableFrontier, target);
  });
}

/** What a vote or an announcement says about offsets: 0 = the log names them. */
export function offsetFloor(state: PartitionState): number {
  if (state.config.ack === 'fsync' || state.mintFloor === 0) return 0;
  return Math.max(state.mintFloor, state.log.nextOffset);
}

/** The log this replica follows from now on begins its offsets here; 0 = it names them itself. */
export function takeOffsetFloor(state: PartitionState, floor: number): void {
  if (state.config.ack === 'fsync') return;
  state.isFloorSettled = true;
  state.mintFloor = floor > state.namedUpTo ? floor : 0;
  reserveAhead(state, Math.max(state.log.nextOffset, state.mintFloor));
}

/** The log is gone on all replicas: another one begins behind everything reserved here. */
export function forgetOffsets(state: PartitionState): void {
  if (state.config.ack === 'fsync') return;
  state.namedUpTo = 0;
  state.mintFloor = offsetFrontier(state);
}

/** A committed batch says where the offsets of the log are. */
export function nameOffsets(state: PartitionState, baseOffset: number, next: number): void {
  state.namedUpTo = Math.max(state.namedUpTo, next);
  if (baseOffset >= state.mintFloor) state.mintFloor = 0;
}

/**
 * After a purge offsets begin at 0, whatever was reserved before it. Not in a log that others than this
 * replica began behind a reservation: some may have gone through this very purge before the loss, and
 * given offsets from 0 on since.
 */
export function purgeOffsets(state: PartitionState): void {
  if (isFloorShared(state) && state.mintFloor > state.namedUpTo) return;
  state.namedUpTo = Number.MAX_SAFE_INTEGER;
  state.mintFloor = 0;
}

/**
 * A clean stop gives back what was reserved and not used. What was acknowledged in an earlier life
 * and did not come back yet stays reserved.
 */
export function releaseFrontier(state: PartitionState): void {
  const { config, log, tail, mintFloor } = state;
  if (config.ack !== 'memory') return;
  const own = state.isFloorSettled ? 0 : config.offsetFrontier;
  const exact = Math.max(tail.end(log.nextOffset), mintFloor, own);
  state.reservedFrontier = exact;
  // What is not reserved any more is not given on the way out either.
  state.durableFrontier = Math.min(state.durableFrontier, exact);
  state.effects.ask({ kind: 'persist-frontier' }, () => undefined);
}
