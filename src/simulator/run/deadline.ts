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
  readonly #world: World;
  readonly #last: number;
  #end: number;
  #fetched = 0;

  constructor(world: World) {
    this.#world = world;
    this.#end = world.tick + world.plan.livenessTicks;
    this.#last = world.tick + most * world.plan.livenessTicks;
  }

  get isAhead(): boolean {
    const { tick } = this.#world;
    if (tick < this.#end) return true;
    const fetched = fetchedIn(this.#world);
    if (fetched === this.#fetched || tick >= this.#last) return false;
    this.#fetched = fetched;
    this.#end = tick + interval;
    return true;
  }
}

/** Bytes of all states on their way. */
function fetchedIn(world: World): number {
  let bytes = 0;
  for (const { host } of world.nodes) {
    const groups = [...(host?.partitions.slots.values() ?? [])];
    for (const replica of [host?.replica, ...groups.map((slot) => slot.host?.replica)]) {
      for (const { received } of replica?.state.transfer?.artifacts ?? []) bytes += received;
    }
  }
  return bytes;
}
