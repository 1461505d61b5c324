import { partitionLimits } from './partition-config.js';
import type { PartitionState } from './partition-state.js';

// With a journal the next offset can always be found again from journal and segments. Without one
// it would be forgotten in a crash and given a second time; hence offsets are reserved ahead, in
// blocks, and none is given above what is durably reserved.

/** Next offset to write into superblock records. */
export function offsetFrontier(state: PartitionState): number {
  const { nextOffset } = state.log;
  return state.config.ack === 'memory' ? Math.max(state.reservedFrontier, nextOffset) : nextOffset;
}

/** Takes over what a record on disk says: everything below may have been given already. */
export function recoverFrontier(state: PartitionState): void {
  const { ack, offsetFrontier: recorded } = state.config;
  const { log } = state;
  const namesOffsets = log.nextOffset > 0 || log.active.hasFile;
  if (ack === 'memory' || !namesOffsets) state.mintFloor = recorded;
  state.reservedFrontier = recorded;
  state.durableFrontier = recorded;
  reserveAhead(state, Math.max(log.nextOffset, state.mintFloor));
}

/** The offset the next batch at this place of the log gets. */
export function mintOffset(state: PartitionState, op: number): number {
  const expected = state.tail.expectedAt(op, state.log.nextOffset) ?? state.log.nextOffset;
  return Math.max(expected, state.mintFloor);
}

/** Whether offsets below `next` may be given. */
export function isReserved(state: PartitionState, next: number): boolean {
  return state.config.ack === 'fsync' || next <= state.durableFrontier;
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

/** A batch of another replica shows where the log goes on: the floor has served its purpose. */
export function dropFloor(state: PartitionState, baseOffset: number): void {
  if (baseOffset < state.mintFloor) state.mintFloor = 0;
}

/** A clean stop gives back what was reserved and not used. */
export function releaseFrontier(state: PartitionState): void {
  if (state.config.ack !== 'memory') return;
  state.reservedFrontier = state.log.nextOffset;
  state.effects.ask({ kind: 'persist-frontier' }, () => undefined);
}
