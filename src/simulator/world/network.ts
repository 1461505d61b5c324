import { getU32, setU32 } from '../../base/index.js';
import { Command, frameView } from '../../wire/index.js';
import type { Delivery, NetworkPlan, Plan } from '../plan/plan.js';
import { type Dice, domain } from '../random/draw.js';
import { LinkTrouble, mangle, type Queued } from './link-trouble.js';

/** A frame on its way between replicas. */
export interface Flight {
  readonly from: number;
  readonly to: number;
  readonly frame: Uint8Array;
  /** The digest of its bytes, where it is known. */
  readonly digest?: number | undefined;
  /** Its bytes were changed on the way, inside a range that a checksum covers. */
  readonly isAltered: boolean;
  /** Its place on a link of limited capacity. */
  readonly place?: Queued | undefined;
}

type Sent = Omit<Flight, 'isAltered' | 'place'>;

/** Whether a frame is lost on its way. */
export type Losing = (frame: Uint8Array, from: number, to: number) => boolean;

/** Puts a flight into the queue. */
export type Launch = (flight: Flight, delay: number, order: number) => void;

/** Frames whose header and body a checksum covers. */
const sealedCommands: ReadonlySet<number> = new Set([
  ...[Command.PrepareOk, Command.Commit, Command.Pong, Command.StartViewChange],
  ...[Command.DoViewChange, Command.StartView, Command.RequestStartView],
  ...[Command.RequestPrepares, Command.RequestStateTransfer, Command.RequestStateChunk],
  ...[Command.Prepare, Command.RepairPrepare],
]);

/** Requests that one node hands to another, and their answers. */
const onceOnly: ReadonlySet<number> = new Set([Command.Request, Command.Reply]);

/** Words of a header before `command` and `replica`, with them. */
const prefixWords = 16;
/** Ticks that a frame of the time of faults may hold up others on its link afterwards. */
const calmWait = 2000;
/** Keeps the draws of a copy apart from those of its original. */
const copyOffset = 0x4000_0000;

/** The links between replicas: what faults cut or hold is asked of `rules`. */
export class Network {
  /** Directed links that lose everything, by {@link linkKey}. */
  readonly cut = new Set<number>();
  /** Directed links that hold everything until the given tick. */
  readonly clogged = new Map<number, number>();
  /** Commands that are lost on all links. */
  readonly filtered = new Set<number>();
  /** Each names frames that are lost, beside those of cut links. */
  readonly losing = new Set<Losing>();
  readonly #plan: NetworkPlan;
  readonly #replicas: number;
  readonly #dice: Dice;
  readonly #delivery: Delivery;
  readonly #launch: Launch;
  readonly #sent = new Map<number, number>();
  readonly #lastDue = new Map<number, number>();
  lost = 0;
  copies = 0;
  altered = 0;
  forged = 0;
  isCalm = false;
  readonly trouble: LinkTrouble | undefined;

  constructor(plan: Pick<Plan, 'network' | 'delivery' | 'replicas'>, dice: Dice, launch: Launch) {
    this.#plan = plan.network;
    this.#delivery = plan.delivery;
    this.#replicas = plan.replicas;
    this.#dice = dice;
    this.#launch = launch;
    const { trouble } = plan.network;
    if (trouble !== undefined) this.trouble = new LinkTrouble(trouble, dice);
  }

  /** A frame leaves a replica at `now`. */
  send(from: number, to: number, frame: Uint8Array, now: number, digest?: number): void {
    const link = linkKey(from, to);
    const number = (this.#sent.get(link) ?? 0) + 1;
    this.#sent.set(link, number);
    // Even one whose original is lost: it may have been on its way for long.
    this.#maybeForged({ from, to, frame, isAltered: false }, link, number);
    const { loss, duplication, copyDelay } = this.#plan;
    const isLost =
      this.cut.has(link) ||
      this.filtered.has(frameView.command(frame)) ||
      this.#isNamed(frame, from, to) ||
      (!this.isCalm && this.#dice.chance(loss, domain.linkLoss, link, number)) ||
      (!this.isCalm && this.trouble?.loses(link, number, now) === true);
    if (isLost) {
      this.lost += 1;
      return;
    }
    const delay = this.#delay(link, number, now);
    const sent: Sent = { from, to, frame, digest };
    const flight = this.#maybeAltered(this.#flight(sent, number, delay, now), link, number);
    this.#launch(flight, delay, this.#order(link, number));
    // What is handed on between servers travels once: a connection does not repeat itself.
    const isOnce = onceOnly.has(frameView.command(frame));
    const isCopied = !this.isCalm && this.#dice.chance(duplication, domain.linkCopy, link, number);
    if (isOnce || !isCopied) return;
    this.copies += 1;
    const extra = 1 + this.#dice.below(Math.max(1, copyDelay), domain.linkCopyDelay, link, number);
    this.#launch(
      { from, to, frame, isAltered: false },
      extra,
      this.#order(link, number + copyOffset),
    );
  }

  /** A frame that was on its way for long arrives, whatever its link loses now. */
  arrive(from: number, to: number, frame: Uint8Array, delay: number): void {
    this.copies += 1;
    this.#launch({ from, to, frame, isAltered: false }, delay, 0);
  }

  /** A frame on its way, which may be a wrong one, or over the capacity of its link. */
  #flight({ from, to, frame, digest }: Sent, number: number, delay: number, now: number): Flight {
    const { trouble } = this;
    if (trouble === undefined || this.isCalm) {
      return { from, to, frame, digest, isAltered: false, place: undefined };
    }
    const link = linkKey(from, to);
    const place = trouble.queue(link, number, now + delay, now);
    // What is handed on between servers goes to one of them, and to no other.
    const isFixed = onceOnly.has(frameView.command(frame));
    const end = isFixed ? to : trouble.destination(link, number, to, this.#replicas);
    return { from, to: end, frame, digest, isAltered: false, place };
  }

  #isNamed(frame: Uint8Array, from: number, to: number): boolean {
    for (const isLost of this.losing) if (isLost(frame, from, to)) return true;
    return false;
  }

  #delay(link: number, number: number, now: number): number {
    const { minDelay, meanDelay, lateness } = this.#plan;
    let delay = minDelay + this.#dice.exponential(meanDelay, domain.linkDelay, link, number, 1);
    if (!this.isCalm && this.#dice.chance(lateness, domain.linkDelay, link, number, 2)) {
      delay += 1000;
    }
    if (!this.isCalm) delay += this.trouble?.longer(link, number, delay) ?? 0;
    const until = this.clogged.get(link) ?? 0;
    let due = Math.max(now + Math.max(1, delay), until);
    if (this.#delivery === 'fifo') {
      const last = this.#lastDue.get(link) ?? 0;
      // In the end links are new ones: a frame that took very long holds up no other for ever.
      const isStuck = this.isCalm && last > now + calmWait;
      if (!isStuck) due = Math.max(due, last);
      this.#lastDue.set(link, due);
    }
    return due - now;
  }

  /** Order among the frames that are due in one tick. */
  #order(link: number, number: number): number {
    switch (this.#delivery) {
      case 'by-time':
      case 'fifo':
        return 0;
      case 'uniform':
        return 1 + this.#dice.below(1000, domain.linkOrder, link, number);
      case 'priority':
        // Changes at a few points only, so that one order of links lasts for a while.
        return 1 + this.#dice.below(1000, domain.linkOrder, link, number >> 8);
      case 'starve':
        return this.#dice.below(8, domain.linkOrder, link) === 0 ? 2000 : 0;
    }
  }

  /**
   * A late copy of a prepare that names a later view. Never one that its builder leads: nothing in
   * the frame could tell it apart.
   */
  #maybeForged({ from, to, frame }: Flight, link: number, number: number): void {
    const { forgery, copyDelay } = this.#plan;
    if (this.isCalm || forgery === 0 || frameView.command(frame) !== Command.Prepare) return;
    if (!this.#dice.chance(forgery, domain.linkForge, link, number)) return;
    const view = frameView.view(frame) + 1 + this.#dice.below(2, domain.linkForge, link, number, 1);
    if (view % this.#replicas === frameView.replica(frame)) return;
    const copy = frame.slice();
    frameView.put.view(copy, view);
    this.forged += 1;
    const delay = 1 + this.#dice.below(Math.max(1, copyDelay), domain.linkForge, link, number);
    this.#launch(
      { from, to, frame: copy, isAltered: false },
      delay,
      this.#order(link, number + 2 * copyOffset),
    );
  }

  #maybeAltered(flight: Flight, link: number, number: number): Flight {
    const { corruption } = this.#plan;
    if (this.isCalm || !this.#dice.chance(corruption, domain.linkCorrupt, link, number)) {
      return flight;
    }
    const command = frameView.command(flight.frame);
    if (!sealedCommands.has(command)) return flight;
    const copy = flight.frame.slice();
    if (this.#plan.trouble?.mangling === 1) {
      const draw = (n: number, what: number) =>
        this.#dice.below(n, domain.linkCorrupt, link, number, what);
      if (!mangle(copy, 4 * prefixWords, draw)) return flight;
      this.altered += 1;
      return { ...flight, frame: copy, digest: undefined, isAltered: true };
    }
    // Not the common prefix: it frames, routes and holds the one field no prepare protects, `view`.
    const words = (copy.length >> 2) - prefixWords;
    const at = 4 * (prefixWords + this.#dice.below(words, domain.linkCorrupt, link, number, 1));
    const bit = this.#dice.below(32, domain.linkCorrupt, link, number, 2);
    setU32(copy, at, (getU32(copy, at) ^ (1 << bit)) >>> 0);
    this.altered += 1;
    return { ...flight, frame: copy, digest: undefined, isAltered: true };
  }
}

/** One number per directed link. */
export function linkKey(from: number, to: number): number {
  return from * 32 + to;
}
