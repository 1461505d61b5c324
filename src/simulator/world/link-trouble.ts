import { frameView } from '../../wire/index.js';
import type { TroublePlan } from '../plan/plan.js';
import { type Dice, domain } from '../random/draw.js';

/** A frame that waits on a link, and may be pushed out by others. */
export interface Queued {
  isDropped?: boolean;
}

/** Number of a decision about a link; each has draws of its own. */
const about = {
  burst: 1,
  burstLength: 2,
  burstLoss: 3,
  spike: 4,
  factor: 5,
  drop: 6,
  way: 7,
} as const;

/** What single links suffer beside loss and delay: bad spells, slowness, full queues, wrong ways. */
export class LinkTrouble {
  readonly #plan: TroublePlan;
  readonly #dice: Dice;
  readonly #badUntil = new Map<number, number>();
  readonly #queues = new Map<number, { readonly due: number; readonly entry: Queued }[]>();
  pushedOut = 0;
  misrouted = 0;

  constructor(plan: TroublePlan, dice: Dice) {
    this.#plan = plan;
    this.#dice = dice;
  }

  /** Whether a link in a bad spell loses this frame; begins spells. */
  loses(link: number, number: number, now: number): boolean {
    const { burst, burstTicks, burstLoss } = this.#plan;
    if (burst === 0) return false;
    const draw = (n: number, what: number) =>
      this.#dice.below(n, domain.linkTrouble, link, number, what);
    if (draw(1_000_000, about.burst) < burst) {
      this.#badUntil.set(link, now + 1 + draw(burstTicks, about.burstLength));
    }
    if (now >= (this.#badUntil.get(link) ?? 0)) return false;
    return draw(100, about.burstLoss) < burstLoss;
  }

  /** Ticks that a frame takes longer than `delay`. */
  longer(link: number, number: number, delay: number): number {
    const { spike, slowest } = this.#plan;
    // Some links are slow for good.
    const isSlow =
      slowest > 1 && this.#dice.below(4, domain.linkTrouble, link, 0, about.factor) === 0;
    const factor = isSlow
      ? 1 + this.#dice.below(slowest, domain.linkTrouble, link, 1, about.factor)
      : 1;
    const isSpike = this.#dice.chance(spike, domain.linkTrouble, link, number, about.spike);
    const times = isSpike
      ? 10 + this.#dice.below(91, domain.linkTrouble, link, number, about.spike + 8)
      : 1;
    return delay * factor * times - delay;
  }

  /** A frame joins a link until `due`; over the capacity one of those that wait is dropped. */
  queue(link: number, number: number, due: number, now: number): Queued | undefined {
    const { capacity } = this.#plan;
    if (capacity === 0) return undefined;
    const waiting = (this.#queues.get(link) ?? []).filter((other) => other.due > now);
    const entry: Queued = {};
    waiting.push({ due, entry });
    if (waiting.length > capacity) {
      const at = this.#dice.below(waiting.length, domain.linkTrouble, link, number, about.drop);
      const [out] = waiting.splice(at, 1);
      if (out !== undefined) out.entry.isDropped = true;
      this.pushedOut += 1;
    }
    this.#queues.set(link, waiting);
    return entry;
  }

  /** Where a frame really goes. What is said to everybody anyway proves nothing there. */
  destination(link: number, number: number, to: number, replicas: number): number {
    const { misroute } = this.#plan;
    if (!this.#dice.chance(misroute, domain.linkTrouble, link, number, about.way)) return to;
    this.misrouted += 1;
    return this.#dice.below(replicas, domain.linkTrouble, link, number, about.way + 8);
  }
}

/** A way in which bytes behind the prefix of a frame change. */
type Mangle = (frame: Uint8Array, at: number, draw: (n: number, what: number) => number) => void;

const headerEnd = 256;

/** Ways to change a frame beyond one bit; none of them touches what frames and routes it. */
const mangles: readonly Mangle[] = [
  // Several bits.
  (frame, at, draw) => {
    for (let i = 0; i < 8; i++) {
      const place = at + draw(frame.length - at, 20 + i);
      frame[place] = (frame[place] ?? 0) ^ (1 << draw(8, 30 + i));
    }
  },
  // A run of bytes.
  (frame, at, draw) => {
    const from = at + draw(frame.length - at, 40);
    const end = Math.min(frame.length, from + 1 + draw(64, 41));
    for (let i = from; i < end; i++) frame[i] = (frame[i] ?? 0) ^ 0xa5;
  },
  // Two blocks change places.
  (frame, at, draw) => {
    const blocks = (frame.length - at) >> 4;
    const [a, b] = [at + 16 * draw(blocks, 50), at + 16 * draw(blocks, 51)];
    const kept = frame.slice(a, a + 16);
    frame.copyWithin(a, b, b + 16);
    frame.set(kept, b);
  },
];

/**
 * Changes a sealed frame in one of many ways. False when it happens to be the same afterwards.
 * @param from first byte that may change
 */
export function mangle(
  frame: Uint8Array,
  from: number,
  draw: (n: number, what: number) => number,
): boolean {
  const before = frame.slice();
  const way = draw(mangles.length + 1, 10);
  // The seal itself is wiped out: zero is no seal.
  if (way === mangles.length) frame.fill(0, 0, 16);
  else mangles[way]?.(frame, from, draw);
  const isSame = before.every((byte, i) => byte === frame[i]);
  return (
    !isSame && frameView.command(frame) === frameView.command(before) && frame.length >= headerEnd
  );
}
