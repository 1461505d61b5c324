/** One event of a timeline. */
export interface TimelineEvent {
  readonly n: number;
  /** Tick. */
  readonly t: number;
  /** Lane: `r0`… for replicas, `c0`… for clients, `-` for the world. */
  readonly r: string;
  readonly k: string;
  readonly text: string;
}

/** What a lane is doing from an event on. */
interface LaneSpan {
  /** Index of the event. */
  readonly at: number;
  /** `down`, or the status of the replica. */
  readonly status: string;
  readonly view: number;
}

/** What a disk is doing from an event on. */
interface DiskSpan {
  readonly at: number;
  readonly state: DiskState;
}

/** Nothing to do, bytes that a power cut may take, a sync under way, the last work failed. */
type DiskState = 'durable' | 'unsynced' | 'busy' | 'failed';

/** What a page draws beside the events; indices are places in their list. */
export interface TimelineModel {
  /** Lanes in their order: the world, replicas, clients. */
  readonly lanes: readonly string[];
  /** Messages that arrived: index of the sending, index of the arrival. */
  readonly arrows: readonly (readonly [number, number])[];
  readonly spans: Readonly<Record<string, readonly LaneSpan[]>>;
  readonly disks: Readonly<Record<string, readonly DiskSpan[]>>;
}

/** `-> r1 Prepare view 2 op 3 #1a2b3c4d`, or `<- r0 …` at the other end. */
const frameText = /^(->|<-) (r\d+) .*(#[0-9a-f]{8})$/;

/** Finds what belongs together in a list of events. */
export function timelineModel(events: readonly TimelineEvent[]): TimelineModel {
  return {
    lanes: lanesOf(events),
    arrows: arrowsOf(events),
    spans: byLane(events, () => new StatusReader()),
    disks: byLane(events, () => new DiskReader()),
  };
}

function lanesOf(events: readonly TimelineEvent[]): readonly string[] {
  const rank = (lane: string) => (lane === '-' ? 0 : lane.startsWith('r') ? 1 : 2);
  const number = (lane: string) => Number(lane.slice(1)) || 0;
  const lanes = [...new Set(events.map(({ r }) => r))];
  return lanes.sort((a, b) => rank(a) - rank(b) || number(a) - number(b));
}

/** Each arrival with the sending it belongs to; a copy belongs to the sending of its original. */
function arrowsOf(events: readonly TimelineEvent[]): readonly (readonly [number, number])[] {
  const sent = new Map<string, number[]>();
  const arrows: [number, number][] = [];
  for (const [index, { k, r, text }] of events.entries()) {
    if (k !== 'send' && k !== 'recv') continue;
    const [, , peer, digest] = frameText.exec(text) ?? [];
    if (peer === undefined || digest === undefined) continue;
    if (k === 'send') {
      const key = `${r} ${peer} ${digest}`;
      const same = sent.get(key);
      if (same === undefined) sent.set(key, [index]);
      else same.push(index);
      continue;
    }
    const waiting = sent.get(`${peer} ${r} ${digest}`);
    const [from] = waiting ?? [];
    if (from === undefined) continue;
    arrows.push([from, index]);
    if (waiting !== undefined && waiting.length > 1) waiting.shift();
  }
  return arrows;
}

/** Follows one lane; gives what begins with an event, if anything does. */
interface LaneReader<Span> {
  read(event: TimelineEvent, at: number): Span | undefined;
}

function byLane<Span>(
  events: readonly TimelineEvent[],
  make: () => LaneReader<Span>,
): Readonly<Record<string, readonly Span[]>> {
  const readers = new Map<string, { readonly reader: LaneReader<Span>; readonly spans: Span[] }>();
  for (const [at, event] of events.entries()) {
    if (!event.r.startsWith('r')) continue;
    let lane = readers.get(event.r);
    if (lane === undefined) {
      lane = { reader: make(), spans: [] };
      readers.set(event.r, lane);
    }
    const span = lane.reader.read(event, at);
    if (span !== undefined) lane.spans.push(span);
  }
  return Object.fromEntries([...readers].map(([name, { spans }]) => [name, spans]));
}

const ends: ReadonlySet<string> = new Set(['crash', 'power', 'halt', 'refused']);

class StatusReader implements LaneReader<LaneSpan> {
  #status = 'down';
  #view = 0;

  read({ k, text }: TimelineEvent, at: number): LaneSpan | undefined {
    const before = `${this.#status} ${this.#view}`;
    if (k === 'status') this.#status = text;
    else if (k === 'view') this.#view = Number(/\d+/.exec(text)?.[0] ?? 0);
    else if (ends.has(k)) this.#status = 'down';
    else if (k === 'start') this.#status = 'recovering';
    if (before === `${this.#status} ${this.#view}`) return undefined;
    return { at, status: this.#status, view: this.#view };
  }
}

class DiskReader implements LaneReader<DiskSpan> {
  readonly #dirty = new Set<string>();
  readonly #busy = new Map<string, number>();
  #hasFailed = false;
  #state: DiskState = 'durable';

  read({ k, text }: TimelineEvent, at: number): DiskSpan | undefined {
    const [path = '', ...words] = text.split(' ');
    if (k === 'write') this.#dirty.add(path);
    else if (k === 'sync') this.#busy.set(path, (this.#busy.get(path) ?? 0) + 1);
    else if (k === 'io') this.#done(path, words);
    else if (ends.has(k)) {
      this.#dirty.clear();
      this.#busy.clear();
      this.#hasFailed = false;
    }
    const state = this.#now;
    if (state === this.#state) return undefined;
    this.#state = state;
    return { at, state };
  }

  #done(path: string, [work, error]: readonly string[]): void {
    this.#hasFailed = error !== undefined;
    if (work === 'sync') {
      const left = (this.#busy.get(path) ?? 0) - 1;
      if (left > 0) this.#busy.set(path, left);
      else this.#busy.delete(path);
    }
    if (error === undefined) this.#dirty.delete(path);
  }

  get #now(): DiskState {
    if (this.#hasFailed) return 'failed';
    if (this.#busy.size > 0) return 'busy';
    return this.#dirty.size > 0 ? 'unsynced' : 'durable';
  }
}
