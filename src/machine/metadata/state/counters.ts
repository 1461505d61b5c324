/** Figures of a stream or a topic: the sums over everything beneath. */
export class TrafficCounters {
  #parent: TrafficCounters | undefined;
  sizeBytes = 0;
  messages = 0;
  segments = 0;

  constructor(parent?: TrafficCounters) {
    this.#parent = parent;
  }

  /** Changes this sum and those above it. */
  add(sizeBytes: number, messages: number, segments: number): void {
    this.sizeBytes += sizeBytes;
    this.messages += messages;
    this.segments += segments;
    this.#parent?.add(sizeBytes, messages, segments);
  }

  /** Takes this sum out of those above, because its owner was deleted; they no longer follow it. */
  detach(): void {
    this.#parent?.add(-this.sizeBytes, -this.messages, -this.segments);
    this.#parent = undefined;
  }
}

/** Counters of a partition whose figures nobody reads. */
export function partitionCounters(): PartitionCounters {
  return new PartitionCounters(new TrafficCounters());
}

/** What one partition holds. */
export interface PartitionFigures {
  readonly sizeBytes: number;
  readonly messages: number;
  /** Sealed segments and the active one, so at least 1. */
  readonly segments: number;
  /** Highest offset that can be read; 0 for an empty partition too. */
  readonly currentOffset: number;
}

const noData: PartitionFigures = { sizeBytes: 0, messages: 0, segments: 1, currentOffset: 0 };

/**
 * The figures reads report about one partition. They are not replicated: the partition's own
 * machine sets them, on each replica from what it holds itself. A partition without storage yet
 * counts as one empty segment.
 */
export class PartitionCounters {
  #parent: TrafficCounters | undefined;
  #figures: PartitionFigures = noData;
  #purgeGeneration: number;

  constructor(parent: TrafficCounters, purgeGeneration = 0) {
    this.#parent = parent;
    this.#purgeGeneration = purgeGeneration;
    parent.add(0, 0, noData.segments);
  }

  get figures(): PartitionFigures {
    return this.#figures;
  }

  /** Replaces the figures and carries the difference to topic and stream. */
  set(figures: PartitionFigures): void {
    const before = this.#figures;
    this.#figures = figures;
    this.#parent?.add(
      figures.sizeBytes - before.sizeBytes,
      figures.messages - before.messages,
      figures.segments - before.segments,
    );
  }

  /** Says that the figures set from now on are those behind this purge. */
  reachedGeneration(generation: number): void {
    if (generation > this.#purgeGeneration) this.#purgeGeneration = generation;
  }

  /** A purge committed: nothing is there any more, unless the data has gone through it already. */
  purge(generation: number): void {
    if (generation <= this.#purgeGeneration) return;
    this.#purgeGeneration = generation;
    this.set(noData);
  }

  /** The partition was deleted: its share leaves the sums, later changes go nowhere. */
  detach(): void {
    const { sizeBytes, messages, segments } = this.#figures;
    this.#parent?.add(-sizeBytes, -messages, -segments);
    this.#parent = undefined;
  }
}
