import type { Meter } from './meter.js';

/** What came of it. */
export interface BenchOutcome {
  readonly meters: readonly Meter[];
  readonly seconds: number;
}
