/** A stretch of a TCP stream that was captured. */
export interface Segment {
  readonly sequence: number;
  /** Captured bytes; fewer than `length` when the capture cut the packet. */
  readonly bytes: Uint8Array;
  /** Bytes the segment has in the stream. */
  readonly length: number;
  readonly timeMicros: number | undefined;
  /** Counts the packets of the capture. */
  readonly arrival: number;
}

/** Where the bytes of one direction of a connection go, in order. */
export interface StreamSink {
  /** The next bytes; valid during the call only. */
  data(bytes: Uint8Array, timeMicros: number | undefined): void;
  /** So many bytes of the stream are not in the capture. */
  gap(missing: number): void;
  /** The stream is over, or nothing more of it will come. */
  end(): void;
}

/** Memory for segments that wait for an earlier one, shared by all connections. */
export class SegmentBudget {
  readonly limit: number;
  used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }
}

const perStream = 8 << 20;
/** What remembering a segment costs besides its bytes, so that tiny ones are bounded too. */
const perSegment = 512;
/** A sequence number this far off belongs to no window: damage, or another connection. */
const farAway = 1 << 26;
const farLimit = 8;

/**
 * Puts the segments of one direction in order: drops what was sent twice, keeps what came early,
 * trims what overlaps, and gives up on what never comes.
 */
export class SegmentQueue {
  readonly #sink: StreamSink;
  readonly #budget: SegmentBudget;
  /** The sequence number expected next, once the start is known. */
  #next: number | undefined;
  #waiting: Segment[] = [];
  #waitingBytes = 0;
  #finAt: number | undefined;
  #far = 0;
  #ended = false;

  constructor(sink: StreamSink, budget: SegmentBudget) {
    this.#sink = sink;
    this.#budget = budget;
  }

  get started(): boolean {
    return this.#next !== undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** A SYN was seen: the stream begins right after it. */
  open(sequence: number): void {
    if (this.started) return;
    this.#next = (sequence + 1) >>> 0;
    this.#drain();
  }

  /**
   * No SYN was captured: the stream begins with the earliest segment seen so far. Gives back the
   * segments that waited for this, to be added again in the order of the capture.
   */
  startAnywhere(): readonly Segment[] {
    const [first] = this.#waiting;
    if (this.started || first === undefined) return [];
    this.#next = first.sequence;
    const waited = this.#waiting;
    this.#waiting = [];
    this.#account(-this.#waitingBytes);
    return waited;
  }

  fin(sequence: number): void {
    this.#finAt ??= sequence;
    this.#endAtFin();
  }

  add(segment: Segment): void {
    if (segment.length === 0 || this.#ended) return;
    if (this.#next === undefined) {
      this.#keep(segment);
      return;
    }
    const ahead = distance(this.#next, segment.sequence);
    if (Math.abs(ahead) > farAway) {
      this.#jump(segment);
      return;
    }
    this.#far = 0;
    if (ahead > 0) this.#keep(segment);
    else {
      this.#deliver(segment);
      this.#drain();
    }
    this.#endAtFin();
  }

  /** Nothing more will come: hands on what waits, with gaps, and ends. */
  finish(): void {
    if (this.#ended) return;
    this.#next ??= this.#waiting[0]?.sequence;
    while (this.#waiting.length > 0) this.#skipGap();
    this.#ended = true;
    this.#sink.end();
  }

  #deliver(segment: Segment): void {
    const skipped = -distance(this.#next ?? 0, segment.sequence);
    if (skipped >= segment.length) return;
    const bytes = segment.bytes.subarray(Math.min(skipped, segment.bytes.length));
    this.#next = (segment.sequence + segment.length) >>> 0;
    if (bytes.length > 0) this.#sink.data(bytes, segment.timeMicros);
    const missing = segment.length - Math.max(skipped, segment.bytes.length);
    if (missing > 0) this.#sink.gap(missing);
  }

  #keep(segment: Segment): void {
    let at = this.#waiting.length;
    while (at > 0 && distance(this.#waiting[at - 1]?.sequence ?? 0, segment.sequence) < 0) at -= 1;
    const before = this.#waiting[at - 1];
    const same = before?.sequence === segment.sequence && before.length >= segment.length;
    if (same) return;
    this.#waiting.splice(at, 0, { ...segment, bytes: segment.bytes.slice() });
    this.#account(segment.bytes.length + perSegment);
    const full = () => this.#waitingBytes > perStream || this.#budget.used > this.#budget.limit;
    while (this.#waiting.length > 0 && full()) {
      this.#next ??= this.#waiting[0]?.sequence;
      this.#skipGap();
    }
  }

  /** Hands on what has become the next part of the stream. */
  #drain(): void {
    for (;;) {
      const first = this.#waiting[0];
      if (first === undefined || distance(this.#next ?? 0, first.sequence) > 0) return;
      this.#waiting.shift();
      this.#account(-first.bytes.length - perSegment);
      this.#deliver(first);
    }
  }

  #skipGap(): void {
    const first = this.#waiting[0];
    if (first === undefined || this.#next === undefined) return;
    const missing = distance(this.#next, first.sequence);
    // Nothing is missing before the first segment of all.
    if (missing > 0) {
      this.#sink.gap(missing);
      this.#next = first.sequence;
    }
    this.#drain();
  }

  /** One stray segment is ignored; several in a row are where the stream really is. */
  #jump(segment: Segment): void {
    this.#far += 1;
    if (this.#far < farLimit) return;
    this.#far = 0;
    while (this.#waiting.length > 0) this.#skipGap();
    this.#sink.gap(Number.POSITIVE_INFINITY);
    this.#next = segment.sequence;
    this.#deliver(segment);
  }

  #endAtFin(): void {
    if (this.#finAt === undefined || this.#next === undefined || this.#ended) return;
    if (distance(this.#next, this.#finAt) > 0) return;
    this.#ended = true;
    this.#sink.end();
  }

  #account(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#budget.used += bytes;
  }
}

/** How far `to` lies behind `from` in a space of 32 bits that wraps around. */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}
