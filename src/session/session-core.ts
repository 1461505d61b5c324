import type { FrameSplitter } from '../wire/index.js';
import { ConsensusSession } from './consensus-session.js';
import type { Credentials } from './credentials.js';
import type { CallOutcome, SessionEffect, SessionNotice, SignedIn } from './effects.js';
import type { Endpoint } from './endpoint.js';
import { type Exchange, reportOf } from './exchange.js';
import type { EvictedFailure, SessionFailure } from './failure.js';
import { NodeList } from './nodes.js';
import type { SessionEntropy, SessionOptions } from './options.js';

/** Where a session is between nothing and ready for requests. */
export type Phase =
  /** Not connected, and nobody wants that to change. */
  | 'idle'
  /** Not connected; the next dial comes at `dialAt`. */
  | 'waiting'
  | 'dialling'
  /** Connected, not logged in. */
  | 'open'
  /** The login frame is under way. */
  | 'authenticating'
  /** Logged in; looking who leads. */
  | 'settling'
  | 'ready'
  | 'shutdown';

/** The connection in use, or being opened. */
export interface Link {
  readonly id: number;
  readonly endpoint: Endpoint;
  readonly splitter: FrameSplitter;
  readonly dialDeadline: number;
}

/** A login that is under way, over as many connections as it takes. */
export interface LoginJob {
  readonly credentials: Credentials;
  /** The caller that asked for it; absent for automatic logins. */
  call: number | undefined;
  readonly startedAt: number;
  readonly deadline: number;
  /** The identity was prepared; sending the login again does not change it. */
  begun: boolean;
  /** The identity was replaced once because the server refused the old one. */
  minted: boolean;
  result: SignedIn | undefined;
  /** The last transient refusal of a node, which says more than that time ran out. */
  refusal?: SessionFailure;
}

/** A look at the roster that is under way. */
export interface Settling {
  readonly until: number;
  nextReadAt: number;
}

interface WaitingCall {
  readonly call: number;
  readonly startedAt: number;
  readonly deadline: number;
}

/** What the server said about itself at the last login. */
export interface ServerFacts {
  readonly version: string;
  readonly protocolVersion: number;
  readonly isOurs: boolean;
  readonly userId: number;
}

/** The state of a client session, and the few things every rule does with it. */
export class SessionCore {
  readonly options: SessionOptions;
  readonly entropy: SessionEntropy;
  readonly identity: ConsensusSession;
  readonly nodes: NodeList;

  now = 0;
  phase: Phase = 'idle';
  link: Link | undefined;
  links = 0;
  dialAt = 0;
  /** Rounds over all nodes that failed since the last success. */
  rounds = 0;
  dials = 0;
  lastDialProblem: { readonly endpoint: Endpoint; readonly reason: string } | undefined;
  /** Set when the connection is new and nothing was decided about logging in. */
  fresh = false;
  /** The server has answered something on this connection. */
  wasAnswered = false;

  /** Calls that wait for the connection to be usable. */
  connects: WaitingCall[] = [];
  /** Requests that are not on the wire, in order. */
  waiting: Exchange[] = [];
  /** Requests that hold a place on the wire: sent, or pausing before the next copy. */
  active: Exchange[] = [];
  /** Tags of requests that are not counted by the server. */
  tags = 0;

  /** Used to log in again; absent after an explicit logout. */
  credentials: Credentials | undefined;
  /** Why the server refused the credentials; they are not tried again on this connection. */
  refusal: SessionFailure | undefined;
  login: LoginJob | undefined;
  settling: Settling | undefined;
  redirects = 0;
  server: ServerFacts | undefined;
  /** An eviction that came while nothing was asked; the next request gets it. */
  held: EvictedFailure | undefined;
  pingAt = 0;

  #effects: SessionEffect[] = [];
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(options: SessionOptions, entropy: SessionEntropy) {
    this.options = options;
    this.entropy = entropy;
    this.identity = new ConsensusSession(entropy, {
      clientId: options.clientId,
      resume: options.framing === 'vsr',
    });
    this.nodes = new NodeList(options.seeds, options.reconnect);
    this.credentials = options.autoLogin;
  }

  /** The earliest time at which something may have to be done. */
  get wakeAt(): number {
    return this.#wakeAt;
  }

  /** Asks for a tick at `time` at the latest. */
  wake(time: number): void {
    if (time < this.#wakeAt) this.#wakeAt = time;
  }

  /** Forgets all wishes for ticks; the caller makes them anew. */
  clearWake(): void {
    this.#wakeAt = Number.POSITIVE_INFINITY;
  }

  emit(effect: SessionEffect): void {
    this.#effects.push(effect);
  }

  notice(notice: SessionNotice): void {
    this.#effects.push({ kind: 'notice', notice });
  }

  takeEffects(): readonly SessionEffect[] {
    const effects = this.#effects;
    if (effects.length > 0) this.#effects = [];
    return effects;
  }

  settle(call: number | undefined, outcome: CallOutcome): void {
    if (call !== undefined) this.#effects.push({ kind: 'settle', call, outcome });
  }

  /** Answers the caller of an exchange, once. */
  finish(exchange: Exchange, outcome: CallOutcome): void {
    this.settle(exchange.call, outcome);
    exchange.call = undefined;
  }

  fail(exchange: Exchange, failure: SessionFailure): void {
    this.finish(exchange, { ok: false, failure, report: reportOf(exchange) });
  }

  /** Fails a request that may have been applied, saying so if it is one that counts. */
  failInDoubt(exchange: Exchange, cause: SessionFailure, applied?: true): void {
    const { kind, clientId, request } = exchange;
    if (kind !== 'mutation' || clientId === undefined || request === undefined) {
      this.fail(exchange, cause);
    } else {
      this.fail(exchange, { kind: 'outcome-unknown', code: 8, clientId, request, applied, cause });
    }
  }

  /** Takes an exchange off the wire. */
  release(exchange: Exchange): void {
    const index = this.active.indexOf(exchange);
    if (index >= 0) this.active.splice(index, 1);
    exchange.sent = false;
    exchange.resendAt = undefined;
  }

  /** Puts an exchange that has to be sent again before all others. */
  requeue(exchange: Exchange): void {
    this.release(exchange);
    // Nobody waits for it any more, and it is not known to be needed.
    if (exchange.purpose === 'call' && exchange.call === undefined) return;
    this.waiting.unshift(exchange);
  }

  /** True when requests other than the current one may be outstanding. */
  get pipelines(): boolean {
    if (this.options.framing === 'correlated') return this.phase === 'ready';
    return this.options.mode === 'pipelined' && this.server?.isOurs === true;
  }

  /** True when a login can be made without asking the caller. */
  get canLogIn(): boolean {
    return this.credentials !== undefined && this.refusal === undefined;
  }

  /** True when a lost connection will be made again. */
  get reconnects(): boolean {
    return this.options.reconnect.enabled;
  }

  /** True while somebody waits for an answer. */
  get isBusy(): boolean {
    return (
      this.connects.length > 0 ||
      this.login?.call !== undefined ||
      this.waiting.some(isAwaited) ||
      this.active.some(isAwaited)
    );
  }
}

function isAwaited(exchange: Exchange): boolean {
  return exchange.call !== undefined;
}
