/**
 * Which prepare belongs at which op of the current view's log, as far as this replica knows. An op
 * number alone proves nothing: a held entry may be a superseded one of an older view.
 * @source Iggy consensus protocol, verified walk
 */
export class Canonical {
  readonly #checksums = new Map<number, bigint>();

  get(op: number): bigint | undefined {
    return this.#checksums.get(op);
  }

  set(op: number, checksum: bigint): void {
    this.#checksums.set(op, checksum);
  }

  delete(op: number): void {
    this.#checksums.delete(op);
  }

  /** Forgets what was applied: everything up to `op`. */
  dropThrough(op: number): void {
    for (const known of [...this.#checksums.keys()]) if (known <= op) this.#checksums.delete(known);
  }

  /** Lowest known op above `floor`, or `undefined`. */
  lowestAbove(floor: number): number | undefined {
    let lowest: number | undefined;
    for (const op of this.#checksums.keys()) {
      if (op > floor && (lowest === undefined || op < lowest)) lowest = op;
    }
    return lowest;
  }

  clear(): void {
    this.#checksums.clear();
  }
}
