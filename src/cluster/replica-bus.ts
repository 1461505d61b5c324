import type { Prng } from '../base/index.js';
import { type LinkCounters, newLinkCounters } from './link-counters.js';
import { cleanLink, type LinkRule, LinkRules, type LinkState } from './link-rules.js';

/** Takes the frames that arrive at a node. */
export type FrameReceiver = (from: number, frame: Uint8Array) => void;

/** Sees every frame that a node hands to a link, also one that gets lost. */
export type BusTap = (from: number, to: number, frame: Uint8Array) => void;

/** A directed link: its rule, and what passed over it. */
export interface LinkView extends LinkState, LinkCounters {}

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
  readonly #count: number;
  readonly #counters: readonly LinkCounters[];

  constructor(count: number, prng: Prng) {
    this.#count = count;
    this.#counters = Array.from({ length: count * count }, newLinkCounters);
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

  /** All links that begin or end at a node, with or without a rule. */
  linksOf(node: number): readonly LinkView[] {
    const pairs = Array.from({ length: this.#count }, (_, other) => other)
      .filter((other) => other !== node)
      .flatMap((other) => [
        { from: node, to: other },
        { from: other, to: node },
      ]);
    return pairs.map(({ from, to }) => ({
      ...{ from, to },
      ...(this.rules.get(from, to) ?? cleanLink),
      ...this.#countersOf(from, to),
    }));
  }

  send(from: number, to: number, frame: Uint8Array): void {
    for (const tap of this.#taps) tap(from, to, frame);
    const counters = this.#countersOf(from, to);
    counters.frames += 1;
    counters.bytes += frame.length;
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
    const counters = this.#countersOf(from, to);
    if (rule.isCut || this.#prng.chance(rule.drop)) {
      counters.dropped += 1;
      return;
    }
    const copies = this.#prng.chance(rule.duplicate) ? 2 : 1;
    if (copies > 1) counters.duplicated += 1;
    for (let i = 0; i < copies; i++) {
      const jitter = rule.jitterMillis * this.#prng.unit();
      const overtaken = this.#prng.chance(rule.reorder) ? reorderMillis : 0;
      if (overtaken > 0) counters.reordered += 1;
      const delay = rule.delayMillis + jitter + overtaken;
      if (delay > 0) counters.delayed += 1;
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
    const counters = this.#countersOf(from, to);
    if (receiver === undefined) counters.undelivered += 1;
    else {
      counters.delivered += 1;
      receiver(from, frame);
    }
  }

  #countersOf(from: number, to: number): LinkCounters {
    // Every pair of nodes has its counters; what is sent elsewhere goes nowhere.
    return this.#counters[from * this.#count + to] ?? newLinkCounters();
  }
}
