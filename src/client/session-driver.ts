import { getU64 } from '../base/index.js';
import { type Dialer, type DialledSocket, SystemEntropy } from '../platform/index.js';
import {
  type CallOutcome,
  type CallReply,
  ClientSession,
  type ConnectionState,
  type Credentials,
  type Endpoint,
  formatEndpoint,
  type SessionEffect,
  type SessionEntropy,
  type SessionEvent,
  type SessionNotice,
  type SessionStatus,
  type SignedIn,
} from '../session/index.js';
import type { RawCaller, RawRequest } from './caller.js';
import type { ClientEmitter } from './client-events.js';
import type { CallOptions, ClientOptions } from './options.js';
import { resolveOptions } from './resolve-options.js';
import { toError } from './to-error.js';

/** A caller that waits. */
interface Pending {
  readonly resolve: (outcome: CallOutcome & { readonly ok: true }) => void;
  readonly reject: (error: Error) => void;
  readonly signal: AbortSignal | undefined;
  readonly abort: (() => void) | undefined;
}

interface OpenLink {
  readonly link: number;
  readonly node: string;
  readonly socket: DialledSocket;
}

/** How long a closing client waits for its logout. */
const logoutMillis = 2_000;

/**
 * Runs a client session on sockets and timers: turns calls into events and effects into promises.
 * Timers hold the process only while somebody waits for an answer.
 */
export class SessionDriver implements RawCaller {
  readonly #session: ClientSession;
  readonly #dialer: Dialer;
  readonly #emitter: ClientEmitter;
  readonly #pending = new Map<number, Pending>();
  readonly #events: SessionEvent[] = [];
  #isStepping = false;
  #calls = 0;
  #open: OpenLink | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #timerHolds = true;

  constructor(options: ClientOptions, emitter: ClientEmitter) {
    const { session, dialer } = resolveOptions(options);
    this.#session = new ClientSession(session, entropy);
    this.#dialer = dialer;
    this.#emitter = emitter;
  }

  get state(): ConnectionState {
    return this.#session.state;
  }

  get status(): SessionStatus {
    return this.#session.status;
  }

  async connect(options: CallOptions = {}): Promise<void> {
    await this.#ask((call) => ({ kind: 'connect', ...this.#common(call, options) }), options);
  }

  async login(credentials: Credentials, options: CallOptions = {}): Promise<SignedIn> {
    const outcome = await this.#ask(
      (call) => ({ kind: 'login', credentials, ...this.#common(call, options) }),
      options,
    );
    if (outcome.kind === 'signed-in') return outcome.signedIn;
    throw new TypeError(`a login does not end with ${outcome.kind}`);
  }

  async logout(options: CallOptions = {}): Promise<void> {
    await this.#ask((call) => ({ kind: 'logout', ...this.#common(call, options) }), options);
  }

  async exchange(request: RawRequest, options: CallOptions): Promise<CallReply> {
    const outcome = await this.#ask((call) => callEvent(call, request, options), options);
    if (outcome.kind === 'reply') return outcome.reply;
    throw new TypeError(`a call does not end with ${outcome.kind}`);
  }

  disconnect(): void {
    this.#step({ kind: 'disconnect', now: performance.now() });
  }

  async close(options: CallOptions = {}): Promise<void> {
    if (this.state === 'authenticated') {
      // The session ends in any case; a logout that fails only leaves that to the server.
      await this.logout({ timeoutMillis: logoutMillis, ...options }).catch(() => undefined);
    }
    this.destroy();
  }

  destroy(): void {
    this.#step({ kind: 'shutdown', now: performance.now() });
  }

  #common(call: number, { timeoutMillis }: CallOptions) {
    return {
      now: performance.now(),
      call,
      ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
    };
  }

  /** Starts a call; the promise settles with its outcome, or with an error of the SDK. */
  #ask(
    event: (call: number) => SessionEvent,
    { signal }: CallOptions,
  ): Promise<CallOutcome & { readonly ok: true }> {
    return new Promise((resolve, reject) => {
      this.#calls += 1;
      const call = this.#calls;
      if (signal?.aborted === true) {
        const failure = { kind: 'cancelled', code: 8, stage: 'waiting' } as const;
        reject(toError(failure, { code: 0, retries: 0 }, signal.reason));
        return;
      }
      const abort = signal && (() => this.#step({ kind: 'cancel', now: performance.now(), call }));
      if (abort !== undefined) signal?.addEventListener('abort', abort, { once: true });
      this.#pending.set(call, { resolve, reject, signal, abort });
      this.#step(event(call));
    });
  }

  /** One event at a time, also when a listener causes the next one. */
  #step(event: SessionEvent): void {
    this.#events.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        this.#session.tracing = this.#emitter.has('frame');
        for (const effect of this.#session.step(next)) this.#perform(effect);
      }
    } finally {
      this.#isStepping = false;
    }
    this.#arm();
  }

  #perform(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'dial':
        this.#dial(effect.link, effect.endpoint);
        return;
      case 'hang-up':
        if (this.#open?.link !== effect.link) return;
        this.#open.socket.close();
        this.#open = undefined;
        return;
      case 'send':
        if (this.#open?.link !== effect.link) return;
        this.#open.socket.send(effect.frame);
        this.#traceFrame('out', effect.frame);
        return;
      case 'received':
        this.#traceFrame('in', effect.frame);
        return;
      case 'settle':
        this.#settle(effect.call, effect.outcome);
        return;
      case 'notice':
        this.#announce(effect.notice);
    }
  }

  #dial(link: number, endpoint: Endpoint): void {
    const now = () => performance.now();
    const socket = this.#dialer.dial(endpoint, {
      opened: () => this.#step({ kind: 'opened', now: now(), link }),
      data: (bytes) => this.#step({ kind: 'data', now: now(), link, bytes }),
      closed: (reason) => {
        if (this.#open?.link === link) this.#open = undefined;
        this.#step({ kind: 'closed', now: now(), link, reason });
      },
    });
    this.#open = { link, node: formatEndpoint(endpoint), socket };
  }

  #traceFrame(direction: 'in' | 'out', bytes: Uint8Array): void {
    const open = this.#open;
    if (open === undefined || !this.#emitter.has('frame')) return;
    this.#emitter.emit('frame', { direction, node: open.node, link: open.link, bytes });
  }

  #settle(call: number, outcome: CallOutcome): void {
    const pending = this.#pending.get(call);
    if (pending === undefined) return;
    this.#pending.delete(call);
    if (pending.abort !== undefined) pending.signal?.removeEventListener('abort', pending.abort);
    if (outcome.ok) pending.resolve(outcome);
    else {
      const { failure, report } = outcome;
      const reason: unknown = failure.kind === 'cancelled' ? pending.signal?.reason : undefined;
      pending.reject(toError(failure, report, reason));
    }
  }

  #announce(notice: SessionNotice): void {
    const emitter = this.#emitter;
    switch (notice.kind) {
      case 'connected':
        emitter.emit('connected', { node: formatEndpoint(notice.endpoint) });
        return;
      case 'disconnected': {
        const { endpoint, reason } = notice;
        emitter.emit('disconnected', { node: formatEndpoint(endpoint), reason });
        return;
      }
      case 'dial-failed': {
        const { endpoint, reason } = notice;
        emitter.emit('dialFailed', { node: formatEndpoint(endpoint), reason });
        return;
      }
      case 'signed-in':
        emitter.emit('signedIn', { ...notice, node: formatEndpoint(notice.endpoint) });
        return;
      case 'signed-out':
        emitter.emit('signedOut', { reason: notice.reason });
        return;
      case 'redirected': {
        const { from, to } = notice;
        emitter.emit('redirected', { from: formatEndpoint(from), to: formatEndpoint(to) });
        return;
      }
      case 'retrying':
        emitter.emit('retrying', notice);
        return;
      case 'heartbeat':
        emitter.emit('heartbeat', notice);
        return;
      case 'warning':
        emitter.emit('warning', { message: notice.message });
        return;
      case 'shutdown':
        emitter.emit('closed', {});
    }
  }

  /** One timer for all deadlines; it is moved only when it would fire too late. */
  #arm(): void {
    const { wakeAt, isBusy } = this.#session;
    if (wakeAt === Number.POSITIVE_INFINITY) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (this.#timer === undefined || wakeAt < this.#timerAt) {
      clearTimeout(this.#timer);
      this.#timerAt = wakeAt;
      const delay = Math.max(0, Math.ceil(wakeAt - performance.now()));
      this.#timer = setTimeout(() => this.#tick(), delay);
      this.#timerHolds = true;
    }
    if (isBusy === this.#timerHolds) return;
    this.#timerHolds = isBusy;
    if (isBusy) this.#timer.ref();
    else this.#timer.unref();
  }

  #tick(): void {
    this.#timer = undefined;
    this.#step({ kind: 'tick', now: performance.now() });
  }
}

const random = new SystemEntropy();

/** The randomness of the operating system, as a session wants it. */
const entropy: SessionEntropy = {
  u128() {
    const bytes = random.bytes(16);
    return (getU64(bytes, 8) << 64n) | getU64(bytes, 0);
  },
  unit: () => Number(getU64(random.bytes(8), 0) >> 11n) / 2 ** 53,
};

type CallEvent = Extract<SessionEvent, { kind: 'call' }>;

/** Written out: spreads take longer than everything else that is done for a call. */
function callEvent(call: number, request: RawRequest, options: CallOptions): SessionEvent {
  const { code, body, hasRoom, evenUnbound } = request;
  const { timeoutMillis, retry, consistency } = options;
  const event: { -readonly [K in keyof CallEvent]: CallEvent[K] } = {
    kind: 'call',
    now: performance.now(),
    call,
    code,
    body,
  };
  if (hasRoom !== undefined) event.hasRoom = hasRoom;
  if (evenUnbound !== undefined) event.evenUnbound = evenUnbound;
  if (timeoutMillis !== undefined) event.timeoutMillis = timeoutMillis;
  if (retry !== undefined) event.retry = retry;
  if (consistency !== undefined) event.consistency = consistency;
  return event;
}
