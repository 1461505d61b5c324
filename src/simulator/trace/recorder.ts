import { commandName, frameView } from '../../wire/index.js';
import { partitionGroupOf } from '../check/frame-group.js';
import { opOf } from './frame-op.js';
import { StopRun } from './stop-run.js';
import { digestOf, digestOfText, TraceHash } from './trace-hash.js';

/** Kinds of recorded events; the position in the list is what is hashed. */
const traceKinds = [
  ...['send', 'recv', 'drop', 'write', 'sync', 'io', 'crash', 'power', 'start', 'refused'],
  ...[
    'halt',
    'fault',
    'heal',
    'view',
    'commit',
    'status',
    'request',
    'reply',
    'call',
    'return',
    'connection',
  ],
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
  /** The op it is about, where there is one. */
  readonly op?: number;
}

/** Kinds that a window of the last events keeps from the whole run. */
const rareKinds: ReadonlySet<TraceKind> = new Set<TraceKind>([
  ...(['crash', 'power', 'start', 'refused', 'halt', 'fault', 'heal', 'view'] as const),
  ...(['status', 'verdict', 'final'] as const),
]);

const codes: ReadonlyMap<TraceKind, number> = new Map(traceKinds.map((kind, i) => [kind, i + 1]));

/** Hashes all events and keeps those that were asked for. */
export class Recorder {
  readonly hash = new TraceHash();
  readonly marks = new Map<string, number>();
  /** Kept events, oldest first; empty unless tracing. */
  events: TraceEvent[] = [];
  tick = 0;
  /** The run ends before this tick. */
  stopsAt = Number.POSITIVE_INFINITY;
  readonly #paths = new Map<string, number>();
  readonly #keeps: boolean;
  readonly #window: number;
  /** How many of the kept events are older than the window. */
  #rare = 0;

  /** @param window events kept beside the rare ones, 0 = all */
  constructor(keeps: boolean, window = 0) {
    this.#keeps = keeps;
    this.#window = window;
  }

  /** The next tick begins. @throws RUN_STOPPED when it is one too many */
  begin(tick: number): void {
    if (tick >= this.stopsAt) throw new StopRun();
    this.tick = tick;
  }

  /** Something about a replica, as text. */
  note(kind: TraceKind, replica: number, text: string): void {
    this.hash.add(this.tick, codes.get(kind) ?? 0, replica, digestOfText(text));
    if (!this.#keeps) return;
    const op = kind === 'commit' ? Number(text) : undefined;
    this.#keep(kind, replica < 0 ? '-' : `r${replica}`, text, op);
  }

  /**
   * A frame at one end of a link between replicas.
   * @param known its digest, where it was taken before
   * @returns the digest
   */
  frame(
    kind: 'send' | 'recv' | 'drop',
    replica: number,
    peer: number,
    frame: Uint8Array,
    known?: number,
  ): number {
    const digest = known ?? digestOf(frame);
    this.hash.add(this.tick, codes.get(kind) ?? 0, replica * 32 + peer, digest);
    if (this.#keeps) this.#keepFrame(kind, replica, peer, frame, digest);
    return digest;
  }

  #keepFrame(
    kind: TraceKind,
    replica: number,
    peer: number,
    frame: Uint8Array,
    digest: number,
  ): void {
    const arrow = kind === 'recv' ? '<-' : '->';
    const name = commandName(frameView.command(frame));
    const group = partitionGroupOf(frame);
    const whose = group < 0 ? '' : ` of partition ${group}`;
    const view = `view ${frameView.view(frame)}${whose}`;
    const op = opOf(frame);
    const about = op === undefined ? '' : ` op ${op}`;
    const text = `${arrow} r${peer} ${name} ${view}${about} #${hexOf(digest)}`;
    this.#keep(kind, `r${replica}`, text, op);
  }

  /**
   * Work of a disk: bytes `written` to a file, a wish that what it holds lasts, and the end of work that
   * takes time, with its error if it has one.
   */
  disk(kind: 'write' | 'sync' | 'io', replica: number, path: string, about: number | string): void {
    let digest = this.#paths.get(path);
    if (digest === undefined) {
      digest = digestOfText(path);
      this.#paths.set(path, digest);
    }
    const detail = typeof about === 'number' ? about : digestOfText(about);
    this.hash.add(this.tick, codes.get(kind) ?? 0, replica, digest ^ detail);
    if (!this.#keeps) return;
    const text = typeof about === 'number' ? `${path} ${about} B` : `${path} ${about}`;
    this.#keep(kind, `r${replica}`, text.trim());
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

  #keep(k: TraceKind, r: string, text: string, op?: number): void {
    const { events } = this;
    events.push({ n: this.hash.events, t: this.tick, r, k, text, ...(op !== undefined && { op }) });
    if (this.#window === 0 || events.length - this.#rare <= 2 * this.#window) return;
    const cut = events.length - this.#window;
    const rare = events.slice(0, cut).filter((event) => rareKinds.has(event.k));
    this.#rare = rare.length;
    this.events = [...rare, ...events.slice(cut)];
  }
}

function hexOf(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
