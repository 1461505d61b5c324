import { commandName, frameView } from '../../wire/index.js';
import { partitionGroupOf } from '../check/frame-group.js';
import { digestOf, digestOfText, TraceHash } from './trace-hash.js';

/** Kinds of recorded events; the position in the list is what is hashed. */
const traceKinds = [
  ...['send', 'recv', 'drop', 'io', 'crash', 'power', 'start', 'refused', 'halt', 'fault'],
  ...['heal', 'view', 'commit', 'status', 'request', 'reply', 'call', 'return', 'connection'],
  ...['log', 'verdict', 'final'],
] as const;

/** One of {@link traceKinds}. */
export type TraceKind = (typeof traceKinds)[number];

/** One recorded event. */
export interface TraceEvent {
  readonly n: number;
  readonly t: number;
  /** `r0`… for replicas, `c0`… for clients, `-` for the world. */
  readonly r: string;
  readonly k: TraceKind;
  readonly text: string;
}

const codes: ReadonlyMap<TraceKind, number> = new Map(traceKinds.map((kind, i) => [kind, i + 1]));

/** Hashes all events and keeps those that were asked for. */
export class Recorder {
  readonly hash = new TraceHash();
  readonly marks = new Map<string, number>();
  /** Kept events, oldest first; empty unless tracing. */
  events: TraceEvent[] = [];
  tick = 0;
  readonly #keeps: boolean;
  readonly #window: number;

  /** @param window events kept, 0 = all */
  constructor(keeps: boolean, window = 0) {
    this.#keeps = keeps;
    this.#window = window;
  }

  /** Something about a replica, as text. */
  note(kind: TraceKind, replica: number, text: string): void {
    this.hash.add(this.tick, codes.get(kind) ?? 0, replica, digestOfText(text));
    if (this.#keeps) this.#keep(kind, replica < 0 ? '-' : `r${replica}`, text);
  }

  /** A frame at one end of a link between replicas. */
  frame(kind: 'send' | 'recv' | 'drop', replica: number, peer: number, frame: Uint8Array): void {
    const digest = digestOf(frame);
    this.hash.add(this.tick, codes.get(kind) ?? 0, replica * 32 + peer, digest);
    if (!this.#keeps) return;
    const arrow = kind === 'recv' ? '<-' : '->';
    const name = commandName(frameView.command(frame));
    const group = partitionGroupOf(frame);
    const whose = group < 0 ? '' : ` of partition ${group}`;
    const view = `view ${frameView.view(frame)}${whose}`;
    const text = `${arrow} r${peer} ${name} ${view} #${hexOf(digest)}`;
    this.#keep(kind, `r${replica}`, text);
  }

  /** Something about a client, with the bytes it is about. */
  client(kind: TraceKind, client: number, text: string, bytes?: Uint8Array): void {
    const digest = digestOfText(text) ^ (bytes === undefined ? 0 : digestOf(bytes));
    this.hash.add(this.tick, codes.get(kind) ?? 0, 1000 + client, digest);
    if (this.#keeps) this.#keep(kind, `c${client}`, text);
  }

  /** A place worth reaching was reached. */
  mark(name: string): void {
    this.marks.set(name, (this.marks.get(name) ?? 0) + 1);
  }

  #keep(k: TraceKind, r: string, text: string): void {
    const { events } = this;
    events.push({ n: this.hash.events, t: this.tick, r, k, text });
    if (this.#window > 0 && events.length > 2 * this.#window) {
      this.events = events.slice(-this.#window);
    }
  }
}

function hexOf(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
