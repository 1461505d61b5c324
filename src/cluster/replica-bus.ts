import type { Prng } from '../base/index.js';
import { type LinkRule, LinkRules } from './link-rules.js';

/** Takes the frames that arrive at a node. */
export type FrameReceiver = (from: number, frame: Uint8Array) => void;

/** Sees every frame that a node hands to a link, also one that gets lost. */
export type BusTap = (from: number, to: number, frame: Uint8Array) => void;

/** How much later a frame comes that is overtaken by others. */
const reorderMillis = 5;

/**
 * Links between the nodes of one process. They carry real frames; a link without a rule delivers at
 * once and in order. A node without a receiver is down: what is sent to it is lost.
 */
export class ReplicaBus {
  readonly rules: LinkRules;
  readonly #receivers: (FrameReceiver | undefined)[];
  readonly #prng: Prng;
  readonly #taps = new Set<BusTap>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Frames lost by rules and to nodes that are down. */
  dropped = 0;

  constructor(count: number, prng: Prng) {
    this.rules = new LinkRules(count);
    this.#receivers = new Array<FrameReceiver | undefined>(count).fill(undefined);
    this.#prng = prng;
  }

  /** Attaches or detaches the receiving end of a node. */
  attach(node: number, receiver: FrameReceiver | undefined): void {
    this.#receivers[node] = receiver;
  }

  /** Calls `tap` with every frame from now on; gives the function that ends it. */
  tap(tap: BusTap): () => void {
    this.#taps.add(tap);
    return () => this.#taps.delete(tap);
  }

  /** Whether a frame from one node could reach the other now. */
  isUp(from: number, to: number): boolean {
    return this.#receivers[to] !== undefined && this.rules.get(from, to)?.isCut !== true;
  }

  send(from: number, to: number, frame: Uint8Array): void {
    for (const tap of this.#taps) tap(from, to, frame);
    const rule = this.rules.areActive ? this.rules.get(from, to) : undefined;
    if (rule === undefined) this.#deliver(from, to, frame);
    else this.#sendBy(rule, from, to, frame);
  }

  /** Drops everything that is still on its way. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #sendBy(rule: LinkRule, from: number, to: number, frame: Uint8Array): void {
    if (rule.isCut || this.#prng.chance(rule.drop)) {
      this.dropped += 1;
      return;
    }
    const copies = this.#prng.chance(rule.duplicate) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const jitter = rule.jitterMillis * this.#prng.unit();
      const overtaken = this.#prng.chance(rule.reorder) ? reorderMillis : 0;
      const delay = rule.delayMillis + jitter + overtaken;
      if (delay === 0) this.#deliver(from, to, frame);
      else this.#later(delay, from, to, frame);
    }
  }

  #later(delay: number, from: number, to: number, frame: Uint8Array): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#deliver(from, to, frame);
    }, delay);
    this.#timers.add(timer);
  }

  #deliver(from: number, to: number, frame: Uint8Array): void {
    const receiver = this.#receivers[to];
    if (receiver === undefined) this.dropped += 1;
    else receiver(from, frame);
  }
}
