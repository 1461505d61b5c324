import type { World } from '../world/world.js';

/** Ticks in which a state that is being fetched has to grow. */
const interval = 2000;
/** A healing never lasts longer than so many times the ticks of its plan. */
const most = 5;

/**
 * Until when a healed cluster has to be at rest. A large state is fetched one piece after the other: while
 * one grows the end moves on, since there is nothing that hangs.
 */
export class Deadline {
  readonly #last: number;
  #end: number;
  #fetched = 0;

  /** @param livenessTicks ticks that a healing may take when nothing large is fetched */
  constructor(tick: number, livenessTicks: number) {
    this.#end = tick + livenessTicks;
    this.#last = tick + most * livenessTicks;
  }

  /** @param fetchedSoFar bytes of the states on their way; asked for at the end only */
  isAhead(tick: number, fetchedSoFar: () => number): boolean {
    if (tick < this.#end) return true;
    const fetched = fetchedSoFar();
    if (fetched === this.#fetched || tick >= this.#last) return false;
    this.#fetched = fetched;
    this.#end = tick + interval;
    return true;
  }
}

/** Bytes of all states on their way. */
export function fetchedIn(world: World): number {
  let bytes = 0;
  for (const { host } of world.nodes) {
    const groups = [...(host?.partitions.slots.values() ?? [])];
    for (const replica of [host?.replica, ...groups.map((slot) => slot.host?.replica)]) {
      for (const { received } of replica?.state.transfer?.artifacts ?? []) bytes += received;
    }
  }
  return bytes;
}
