/** Severity of an event. */
export type ClusterEventLevel = 'debug' | 'info' | 'warn' | 'error';

/** Something that happened in a cluster. */
export interface ClusterEvent {
  /** Counts from 1 in order of appearance. */
  readonly sequence: number;
  /** Microseconds since 1970. */
  readonly timeMicros: number;
  /** Absent = the cluster as a whole. */
  readonly node?: number;
  readonly plane: 'metadata' | 'partitions' | 'cluster';
  readonly level: ClusterEventLevel;
  /** Stable name, such as `ViewChangeStarted`. */
  readonly event: string;
  readonly view?: number;
  readonly op?: number;
  readonly detail: Readonly<Record<string, string | number | boolean | bigint>>;
}

/** Events of the past that are kept. */
const keptEvents = 10_000;

/** The newest events of a cluster, and whoever wants to see the next ones. */
export class EventLog {
  readonly #now: () => number;
  readonly #listeners = new Set<(event: ClusterEvent) => void>();
  #events: ClusterEvent[] = [];
  #sequence = 0;

  constructor(nowMicros: () => number) {
    this.#now = nowMicros;
  }

  add(event: Omit<ClusterEvent, 'sequence' | 'timeMicros'>): void {
    this.#sequence += 1;
    const added = { sequence: this.#sequence, timeMicros: this.#now(), ...event };
    this.#events.push(added);
    if (this.#events.length >= 2 * keptEvents) this.#events = this.#events.slice(-keptEvents);
    for (const listener of this.#listeners) listener(added);
  }

  /** Kept events after a sequence number, oldest first. */
  since(sequence: number): readonly ClusterEvent[] {
    return this.#events.filter((event) => event.sequence > sequence);
  }

  /** Calls `listener` with every event from now on; gives the function that ends it. */
  listen(listener: (event: ClusterEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
