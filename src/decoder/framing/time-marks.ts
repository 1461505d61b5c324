/** Remembers when the bytes that a lane holds were captured. */
export class TimeMarks {
  #marks: { readonly end: number; readonly timeMicros: number }[] = [];

  /** Bytes up to stream position `end` were captured at `timeMicros`. */
  add(end: number, timeMicros: number | undefined): void {
    if (timeMicros !== undefined) this.#marks.push({ end, timeMicros });
  }

  /** The latest time among the bytes `[start, end)`; forgets what lies before. */
  latest(start: number, end: number): number | undefined {
    let latest: number | undefined;
    let passed = 0;
    for (const mark of this.#marks) {
      if (mark.end <= start) passed += 1;
      else {
        latest = latest === undefined ? mark.timeMicros : Math.max(latest, mark.timeMicros);
        if (mark.end >= end) break;
      }
    }
    if (passed > 0) this.#marks.splice(0, passed);
    return latest;
  }
}
