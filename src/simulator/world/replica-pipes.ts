import { concatBytes } from '../../base/index.js';
import { FrameSplitter } from '../../wire/index.js';
import type { PipePlan } from '../plan/plan.js';
import { type Dice, domain } from '../random/draw.js';
import { type Flight, linkKey } from './network.js';

/** What pipes need of the world. */
export interface PipeWorld {
  readonly tick: number;
  readonly dice: Dice;
  later(ticks: number, run: () => void): void;
  /** A whole frame came out of a pipe; false when nobody is there. */
  arrivedWhole(flight: Flight): boolean;
}

type Draw = (n: number, what: number) => number;

/** One connection of a directed link; a broken one is followed by another. */
interface Pipe {
  readonly splitter: FrameSplitter;
  /** What the frames were that are on their way, in their order. */
  readonly flights: Flight[];
  /** Bytes that arrive at a tick, together. */
  readonly arriving: Map<number, Uint8Array[]>;
  lastDue: number;
  /** Its sender still writes, and nothing arrives any more. */
  isBroken: boolean;
  isGone: boolean;
  /** Another one took its place, and it still delivers what is on its way. */
  isOld: boolean;
}

/** Pieces of a frame at most, so that a large one is not a thousand events. */
const piecesMax = 8;
/** Ticks until a sender notices that a connection is dead of which nobody told it, at most. */
const silenceMax = 1000;
/** Ticks that a frame holds up what is behind it at most. */
const delayMax = 300;

/**
 * Links between replicas as streams of bytes: frames arrive in pieces or several at once, are cut
 * again by the product's splitter, and a connection may break in the middle of one. Its sender
 * notices later, and makes another after a while.
 */
export class ReplicaPipes {
  isCalm = false;
  /** Connections that broke. */
  breaks = 0;
  /** Connections that died without a word. */
  silences = 0;
  /** Times that two connections served one link. */
  doubles = 0;
  readonly #plan: PipePlan;
  readonly #world: PipeWorld;
  readonly #pipes = new Map<number, Pipe>();
  readonly #old = new Map<Pipe, number>();
  readonly #downUntil = new Map<number, number>();
  #writes = 0;

  constructor(plan: PipePlan, world: PipeWorld) {
    this.#plan = plan;
    this.#world = world;
  }

  /** Whether the sender believes that it is connected. */
  isUp(from: number, to: number): boolean {
    return this.#world.tick >= (this.#downUntil.get(linkKey(from, to)) ?? 0);
  }

  /** A frame is put on its way, behind everything that was put there before. */
  write(flight: Flight, delay: number): void {
    const { from, to, frame } = flight;
    const link = linkKey(from, to);
    if (!this.isUp(from, to) || this.#pipes.get(link)?.isBroken === true) return;
    this.#writes += 1;
    const { dice, tick } = this.#world;
    const draw: Draw = (n, what) => dice.below(n, domain.pipe, this.#writes, link, what);
    if (this.#changes(link, draw)) return;
    const pipe = this.#pipeOf(link);
    const breaks = !this.isCalm && draw(1_000_000, 1) < this.#plan.reset;
    const end = breaks ? draw(frame.length, 2) : frame.length;
    pipe.flights.push(flight);
    const soonest = tick + Math.min(delay, delayMax);
    let due = Math.max(soonest, pipe.lastDue);
    for (let at = 0, piece = 3; at < end; piece++) {
      const size = Math.max(1 + draw(this.#plan.chunk, 2 * piece), Math.ceil(end / piecesMax));
      const next = Math.min(end, at + size);
      // The rest may come with the next tick, unless the pipe is late already: it must not clog itself.
      if (at > 0 && due === soonest && draw(4, 2 * piece + 1) === 0) due += 1;
      this.#arrive(pipe, due, frame.subarray(at, next));
      at = next;
    }
    pipe.lastDue = due;
    if (!breaks) return;
    pipe.isBroken = true;
    this.#world.later(due - tick, () => this.#break(link, pipe, 1 + draw(this.#plan.backoff, 0)));
  }

  /** A replica is not the one it was: what it wrote does not arrive any more. */
  forget(from: number): void {
    for (const [link, pipe] of this.#pipes) {
      if (Math.floor(link / 32) === from) this.#break(link, pipe, 0);
    }
    for (const [pipe, link] of this.#old) if (Math.floor(link / 32) === from) pipe.isGone = true;
  }

  /** A sender may make a second connection; or its one dies, which is true: nothing arrives on it. */
  #changes(link: number, draw: Draw): boolean {
    if (this.isCalm) return false;
    const { silence = 0, overlap = 0 } = this.#plan;
    const known = this.#pipes.get(link);
    if (overlap > 0 && known !== undefined && draw(1_000_000, 101) < overlap) {
      this.#pipes.delete(link);
      known.isOld = true;
      if (known.arriving.size > 0) {
        this.#old.set(known, link);
        this.doubles += 1;
      }
    }
    if (silence === 0 || draw(1_000_000, 102) >= silence) return false;
    const pipe = this.#pipeOf(link);
    pipe.isBroken = true;
    this.silences += 1;
    const backoff = 1 + draw(this.#plan.backoff, 104);
    this.#world.later(1 + draw(silenceMax, 103), () => this.#break(link, pipe, backoff));
    return true;
  }

  #arrive(pipe: Pipe, due: number, bytes: Uint8Array): void {
    const waiting = pipe.arriving.get(due);
    if (waiting !== undefined) {
      waiting.push(bytes);
      return;
    }
    pipe.arriving.set(due, [bytes]);
    this.#world.later(due - this.#world.tick, () => this.#read(pipe, due));
  }

  #read(pipe: Pipe, due: number): void {
    const pieces = pipe.arriving.get(due) ?? [];
    pipe.arriving.delete(due);
    if (pipe.isOld && pipe.arriving.size === 0) this.#old.delete(pipe);
    if (pipe.isGone) return;
    const [first] = pieces;
    const chunk = pieces.length === 1 && first !== undefined ? first : concatBytes(pieces);
    for (const frame of pipe.splitter.push(chunk)) {
      const flight = pipe.flights.shift();
      if (flight === undefined) return;
      const isHeard = this.#world.arrivedWhole({ ...flight, frame, digest: undefined });
      if (isHeard) continue;
      this.#break(linkKey(flight.from, flight.to), pipe, 0);
      return;
    }
  }

  #break(link: number, pipe: Pipe, ticks: number): void {
    if (pipe.isGone) return;
    pipe.isGone = true;
    this.breaks += 1;
    if (pipe.isOld) return;
    if (this.#pipes.get(link) === pipe) this.#pipes.delete(link);
    this.#downUntil.set(link, this.#world.tick + ticks);
  }

  #pipeOf(link: number): Pipe {
    const known = this.#pipes.get(link);
    if (known !== undefined) return known;
    const pipe = {
      splitter: new FrameSplitter(),
      flights: [],
      arriving: new Map<number, Uint8Array[]>(),
      lastDue: 0,
      isBroken: false,
      isGone: false,
      isOld: false,
    };
    this.#pipes.set(link, pipe);
    return pipe;
  }
}
