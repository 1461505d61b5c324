import type { ClientLinks } from '../ports/index.js';
import type { Framing } from '../server/index.js';
import { FrameSplitter } from '../wire/index.js';

/** Answers a peer has not taken, above which no more of its requests are looked at. */
const congestedBytes = 4 * 1024 * 1024;

/** What is kept per connection between the socket and the server. */
interface Intake {
  readonly splitter: FrameSplitter;
  /** Frames held back, in order. */
  waiting: Uint8Array[];
  /** The server asked for no more frames for now. */
  isPausedByServer: boolean;
  /** The peer does not take our answers. */
  isCongested: boolean;
  /** What the socket was told last. */
  isSocketPaused: boolean;
  isClosing: boolean;
}

/** Takes one whole frame of a connection. */
export type FrameTaker = (connection: number, frame: Uint8Array) => void;

/**
 * Between the sockets of clients and the server: cuts frames, and holds them back while the server
 * or the peer does not keep up.
 */
export class ClientDesk {
  readonly #clients: ClientLinks;
  readonly #take: FrameTaker;
  readonly #intakes = new Map<number, Intake>();

  constructor(clients: ClientLinks, take: FrameTaker) {
    this.#clients = clients;
    this.#take = take;
  }

  get connections(): number {
    return this.#intakes.size;
  }

  open(connection: number, framing: Framing): void {
    this.#intakes.set(connection, {
      splitter: new FrameSplitter(framing === 'correlated' ? 'correlated-request' : 'consensus'),
      waiting: [],
      isPausedByServer: false,
      isCongested: false,
      isSocketPaused: false,
      isClosing: false,
    });
  }

  /** False for a connection that is not open. */
  close(connection: number): boolean {
    return this.#intakes.delete(connection);
  }

  /** Cuts the bytes and hands on what is whole. */
  receive(connection: number, chunk: Uint8Array): void {
    const intake = this.#intakes.get(connection);
    if (intake === undefined || intake.isClosing) return;
    for (const frame of intake.splitter.push(chunk)) {
      if (isHeld(intake)) intake.waiting.push(frame);
      else this.#give(connection, intake, frame);
    }
    this.#closeIfBroken(connection, intake);
  }

  /** Hands on what was held back, for as long as the server and the peer keep up. */
  feed(connection: number): void {
    const intake = this.#intakes.get(connection);
    if (intake === undefined) return;
    const { waiting } = intake;
    let taken = 0;
    while (taken < waiting.length && !isHeld(intake)) {
      const frame = waiting[taken];
      taken += 1;
      if (frame !== undefined) this.#give(connection, intake, frame);
    }
    intake.waiting = waiting.slice(taken);
    this.#tellSocket(connection, intake);
    this.#closeIfBroken(connection, intake);
  }

  /** The server stops or resumes a connection; {@link feed} it if this is true. */
  pause(connection: number, isPaused: boolean): boolean {
    const intake = this.#intakes.get(connection);
    if (intake === undefined) return false;
    intake.isPausedByServer = isPaused;
    return this.#tellSocket(connection, intake);
  }

  /** The peer took what was queued for it; {@link feed} it if this is true. */
  drained(connection: number): boolean {
    const intake = this.#intakes.get(connection);
    if (intake === undefined) return false;
    intake.isCongested = false;
    return this.#tellSocket(connection, intake);
  }

  #give(connection: number, intake: Intake, frame: Uint8Array): void {
    this.#take(connection, frame);
    if (this.#clients.queuedBytes(connection) <= congestedBytes) return;
    intake.isCongested = true;
    this.#tellSocket(connection, intake);
  }

  /** After an impossible length nothing can be read; what came before it is still served. */
  #closeIfBroken(connection: number, intake: Intake): void {
    const isDone = intake.splitter.error !== undefined && intake.waiting.length === 0;
    if (!isDone || intake.isClosing) return;
    intake.isClosing = true;
    this.#clients.close(connection);
  }

  #tellSocket(connection: number, intake: Intake): boolean {
    const isNowHeld = isHeld(intake) || intake.waiting.length > 0;
    if (intake.isSocketPaused !== isNowHeld) {
      intake.isSocketPaused = isNowHeld;
      this.#clients.pause(connection, isNowHeld);
    }
    return !isHeld(intake);
  }
}

function isHeld({ isPausedByServer, isCongested }: Intake): boolean {
  return isPausedByServer || isCongested;
}
