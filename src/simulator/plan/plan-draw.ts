import { type Dice, domain } from '../random/draw.js';

/** Draws of one plan, by position in the list of things that are drawn. */
export class PlanDraw {
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  below(n: number, what: number, which = 0): number {
    return this.#dice.below(n, domain.plan, what, which);
  }

  /** Half of the time from the middle of the range, half of the time one of its ends. */
  range(low: number, high: number, what: number): number {
    if (this.below(2, what, 1) === 0) return this.below(2, what, 2) === 0 ? low : high;
    const quarter = Math.floor((high - low) / 4);
    return low + quarter + this.below(Math.max(1, high - low - 2 * quarter + 1), what, 3);
  }

  coin(what: number): boolean {
    return this.below(2, what) === 0;
  }

  pick<T>(items: readonly [T, ...T[]], what: number): T {
    return items[this.below(items.length, what)] ?? items[0];
  }
}
