import type { RunRecord } from './report.js';

/**
 * Records of several workers in the order of their seeds, each as soon as all before it are there. The
 * last one is kept back: what it counts as depends on all others.
 */
export class InOrder {
  readonly all: RunRecord[] = [];
  readonly #waiting = new Map<string, RunRecord>();
  readonly #show: (record: RunRecord) => void;
  readonly #last: bigint;
  #next: bigint;

  constructor(first: bigint, count: number, show: (record: RunRecord) => void) {
    this.#next = first;
    this.#last = first + BigInt(count) - 1n;
    this.#show = show;
  }

  add(record: RunRecord): void {
    this.#waiting.set(record.seed, record);
    for (;;) {
      const next = this.#waiting.get(String(this.#next));
      if (next === undefined || this.#next === this.#last) return;
      this.#take(next);
      this.#next += 1n;
    }
  }

  /** Everything that came; seeds that a dead worker left out are missing. */
  end(judged: (records: readonly RunRecord[]) => readonly RunRecord[]): readonly RunRecord[] {
    const rest = [...this.#waiting.values()].sort((a, b) =>
      BigInt(a.seed) < BigInt(b.seed) ? -1 : 1,
    );
    const records = judged([...this.all, ...rest]);
    for (const record of records.slice(this.all.length)) this.#show(record);
    return records;
  }

  #take(record: RunRecord): void {
    this.#waiting.delete(record.seed);
    this.all.push(record);
    this.#show(record);
  }
}

/** One line about a swarm that is under way. */
export function progressLine(records: readonly RunRecord[], count: number, millis: number): string {
  const failures = records.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  const kinds = new Set(failures.map(({ invariant }) => invariant)).size;
  const rate = (1000 * records.length) / Math.max(1, millis);
  return `${records.length} of ${count}, ${failures.length} failed in ${kinds} ways, ${rate.toFixed(1)}/s`;
}
