import {
  Command,
  frameView,
  isWireError,
  Operation,
  readSendMessages,
  requestHeader,
  requestView,
} from '../../wire/index.js';
import { type Dice, domain } from '../random/draw.js';

/** Bytes that arrive instead of a frame. */
export interface Damaged {
  readonly bytes: Uint8Array;
  /** What comes behind it is cut at wrong places. */
  readonly isTorn: boolean;
}

/** A range of bytes that may change. */
interface Range {
  readonly from: number;
  readonly end: number;
}

type Draw = (n: number, what: number) => number;
type Change = (frame: Uint8Array, range: Range, draw: Draw) => Uint8Array;

const headerBytes = 256;
const { offsetOf: at } = requestHeader;
const sizeEnd = at.size + 4;
const stampEnd = at.requestChecksum + 16;

/** Ways of a frame to change on its way. */
const changes: readonly Change[] = [
  // One to eight bits.
  (frame, { from, end }, draw) => {
    const bits = 1 + draw(8, 10);
    for (let i = 0; i < bits; i++) {
      const place = from + draw(end - from, 20 + i);
      frame[place] = (frame[place] ?? 0) ^ (1 << draw(8, 30 + i));
    }
    return frame;
  },
  // A run of bytes.
  (frame, { from, end }, draw) => {
    const start = from + draw(end - from, 40);
    const stop = Math.min(end, start + 1 + draw(64, 41));
    for (let i = start; i < stop; i++) frame[i] = (frame[i] ?? 0) ^ 0xa5;
    return frame;
  },
  // Two blocks change places.
  (frame, { from, end }, draw) => {
    const blocks = (end - from) >> 4;
    const [a, b] = [from + 16 * draw(blocks, 50), from + 16 * draw(blocks, 51)];
    if (blocks < 2) return frame;
    const kept = frame.slice(a, a + 16);
    frame.copyWithin(a, b, b + 16);
    frame.set(kept, b);
    return frame;
  },
  // No seal.
  (frame) => {
    frame.fill(0, 0, 16);
    frame.fill(0, at.requestChecksum, stampEnd);
    return frame;
  },
  // An end too early.
  (frame, { end }, draw) => frame.slice(0, draw(end, 60)),
  // More than it says.
  (frame, _range, draw) => {
    const longer = new Uint8Array(frame.length + 1 + draw(300, 70)).fill(0x5a);
    longer.set(frame);
    return longer;
  },
];

/**
 * Bytes that change between clients and nodes. Nothing covers a whole frame there, and a changed
 * request that still parses is another request. So that the models know what was asked for, the
 * operation of a request stays, and so do bodies that no checksum covers.
 */
export class ClientDamage {
  /** Frames that were changed. */
  requests = 0;
  replies = 0;
  isCalm = false;
  readonly #chance: number;
  readonly #dice: Dice;
  /** Requests that no client made, as they arrived. */
  readonly #strange = new Set<string>();
  readonly #counts = new Map<number, number>();

  /** @param chance millionths, for every frame */
  constructor(chance: number, dice: Dice) {
    this.#chance = chance;
    this.#dice = dice;
  }

  /** What arrives at a node instead; nothing where the frame arrives as it is. */
  request(client: number, frame: Uint8Array): Damaged | undefined {
    const number = this.#next(client);
    if (!this.#isHit(client, number)) return undefined;
    const draw = this.#drawing(client, number);
    const range = draw(3, 1) === 0 ? sealedIn(frame) : headerOf(frame);
    const bytes = changed(frame, range, draw);
    bytes[at.operation] = frame[at.operation] ?? 0;
    const damaged = judged(frame, bytes);
    if (damaged === undefined) return undefined;
    this.requests += 1;
    this.arrived(bytes);
    return damaged;
  }

  /** What arrives at a client instead. */
  reply(client: number, frame: Uint8Array): Damaged | undefined {
    const number = this.#next(client);
    if (!this.#isHit(client, number)) return undefined;
    const range = { from: 0, end: frame.length };
    const damaged = judged(frame, changed(frame, range, this.#drawing(client, number)));
    if (damaged !== undefined) this.replies += 1;
    return damaged;
  }

  /** Something that nobody meant arrived at a node as a request. */
  arrived(frame: Uint8Array): void {
    if (frame.length < headerBytes || frameView.command(frame) !== Command.Request) return;
    this.#strange.add(`${requestView.client(frame)}/${requestView.request(frame)}`);
  }

  /** Whether a request with this number was made by damage, so that its answer says nothing. */
  isStrange(client: bigint, request: bigint): boolean {
    return this.#strange.size > 0 && this.#strange.has(`${client}/${request}`);
  }

  #next(client: number): number {
    const number = (this.#counts.get(client) ?? 0) + 1;
    this.#counts.set(client, number);
    return number;
  }

  #isHit(client: number, number: number): boolean {
    return !this.isCalm && this.#dice.chance(this.#chance, domain.clientDamage, client, number);
  }

  #drawing(client: number, number: number): Draw {
    return (n, what) => this.#dice.below(n, domain.clientDamage, client, number, what);
  }
}

function changed(frame: Uint8Array, range: Range, draw: Draw): Uint8Array {
  const change = changes[draw(changes.length, 2)];
  const copy = frame.slice();
  return change === undefined || range.end <= range.from ? copy : change(copy, range, draw);
}

/** Nothing where the frame is the same afterwards. */
function judged(frame: Uint8Array, bytes: Uint8Array): Damaged | undefined {
  const isSame = bytes.length === frame.length && bytes.every((byte, i) => byte === frame[i]);
  if (isSame) return undefined;
  const isTorn =
    bytes.length !== frame.length ||
    bytes.subarray(at.size, sizeEnd).some((byte, i) => byte !== frame[at.size + i]);
  return { bytes, isTorn };
}

function headerOf(frame: Uint8Array): Range {
  return { from: 0, end: Math.min(headerBytes, frame.length) };
}

/** The part of a request's body that a checksum covers. */
function sealedIn(frame: Uint8Array): Range {
  const whole = { from: headerBytes, end: frame.length };
  const none = { from: 0, end: 0 };
  if (frame.length <= headerBytes) return none;
  if (requestView.requestChecksum(frame) !== 0n) return whole;
  if (requestView.operation(frame) !== Operation.SendMessages) return none;
  try {
    const { batch } = readSendMessages(frame.subarray(headerBytes));
    return { from: frame.length - batch.length, end: frame.length };
  } catch (error) {
    if (isWireError(error)) return none;
    throw error;
  }
}
