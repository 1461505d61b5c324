/** Buckets per doubling: two values of one bucket differ by less than 1.6 %. */
const perDoubling = 64;

/** Times in microseconds, counted in buckets whose width grows with the value. */
export class Histogram {
  readonly #buckets = new Map<number, number>();
  #count = 0;
  #sum = 0;
  #max = 0;

  record(micros: number): void {
    const value = Math.max(0, micros);
    const bucket = value < 1 ? 0 : Math.floor(Math.log2(value) * perDoubling) + 1;
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#count += 1;
    this.#sum += value;
    if (value > this.#max) this.#max = value;
  }

  add(other: Histogram): void {
    for (const [bucket, count] of other.#buckets) {
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
    }
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#max = Math.max(this.#max, other.#max);
  }

  get count(): number {
    return this.#count;
  }

  /** The time that this share of all does not exceed. */
  percentile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (const { micros, count } of this.rows()) {
      seen += count;
      if (seen >= wanted) return Math.min(micros, this.#max);
    }
    return this.#max;
  }

  /** Upper ends of the buckets that are not empty, ascending. */
  rows(): readonly { readonly micros: number; readonly count: number }[] {
    return [...this.#buckets]
      .sort(([a], [b]) => a - b)
      .map(([bucket, count]) => ({ micros: 2 ** (bucket / perDoubling), count }));
  }

  /** As the results show it, microseconds rounded to a tenth. */
  summary() {
    const tenth = (value: number) => Math.round(value * 10) / 10;
    return {
      avg: this.#count === 0 ? 0 : tenth(this.#sum / this.#count),
      p50: tenth(this.percentile(0.5)),
      p90: tenth(this.percentile(0.9)),
      p95: tenth(this.percentile(0.95)),
      p99: tenth(this.percentile(0.99)),
      p999: tenth(this.percentile(0.999)),
      max: tenth(this.#max),
    };
  }
}
