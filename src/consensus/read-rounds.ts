/** A linearizable read that waits for its round. */
export interface PendingRead {
  readonly token: number;
  readonly view: number;
  /** Must be applied before the read is served. */
  readonly readOp: number;
  /** Heartbeat counter whose answers count. */
  readonly counter: number;
  /** Tick after which it is refused. */
  readonly deadline: number;
}

/** Linearizable reads of a primary, oldest first, and the newest counter each peer answered. */
export class ReadRounds {
  pending: PendingRead[] = [];
  readonly #answered = new Map<number, number>();

  /** Forgets all answers: they belong to another view. */
  reset(): void {
    this.#answered.clear();
  }

  noteAnswer(replica: number, counter: number): void {
    if (counter > (this.#answered.get(replica) ?? 0)) this.#answered.set(replica, counter);
  }

  /** Others that answered heartbeat `counter` or a later one. */
  answersFor(counter: number): number {
    let answers = 0;
    for (const answered of this.#answered.values()) if (answered >= counter) answers++;
    return answers;
  }
}
