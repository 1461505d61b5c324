import type { Clock } from '../ports/index.js';

/** How far the interpolated wall time may be off before it is read anew, microseconds. */
const toleranceMicros = 2000;

/** The machine's clocks. Wall time follows steps of the system clock, with microsecond steps between. */
export class SystemClock implements Clock {
  #offsetMicros = Date.now() * 1000 - performance.now() * 1000;

  nowMicros(): number {
    const interpolated = performance.now() * 1000 + this.#offsetMicros;
    const coarse = Date.now() * 1000;
    if (Math.abs(interpolated - coarse) <= toleranceMicros) return Math.floor(interpolated);
    this.#offsetMicros = coarse - performance.now() * 1000;
    return coarse;
  }

  monotonicMillis(): number {
    return performance.now();
  }
}
