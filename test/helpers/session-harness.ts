import {
  type CallOutcome,
  ClientSession,
  defaultSessionOptions,
  type SessionEffect,
  type SessionEvent,
  type SessionNotice,
  type SessionOptions,
} from '../../src/session/index.js';
import { readRequest, type ScriptedRequest } from './scripted-frames.js';

type WithoutNow<E> = E extends { readonly now: number } ? Omit<E, 'now'> : never;

/** A client session under virtual time, with a script in place of a server. */
export class SessionHarness {
  readonly session: ClientSession;
  now = 1_000;
  readonly effects: SessionEffect[] = [];
  readonly sent: (ScriptedRequest & { readonly at: number; readonly link: number })[] = [];
  readonly dials: { readonly port: number; readonly at: number; readonly link: number }[] = [];
  readonly hangUps: number[] = [];
  readonly notices: SessionNotice[] = [];
  readonly outcomes = new Map<number, CallOutcome>();
  #calls = 0;
  #ids = 0n;

  constructor(options: Partial<SessionOptions> = {}) {
    const entropy = {
      u128: () => {
        this.#ids += 1n;
        return (this.#ids << 64n) | 0xc0ffeen;
      },
      unit: () => 0.5,
    };
    this.session = new ClientSession({ ...defaultSessionOptions, ...options }, entropy);
  }

  /** One event now; its effects are recorded. */
  step(event: WithoutNow<SessionEvent>): readonly SessionEffect[] {
    const effects = this.session.step({ ...event, now: this.now } as SessionEvent);
    for (const effect of effects) this.#record(effect);
    this.effects.push(...effects);
    return effects;
  }

  /** Lets time pass; ticks come exactly when they were asked for. */
  pass(millis: number): void {
    const end = this.now + millis;
    while (this.session.wakeAt <= end) {
      this.now = Math.max(this.now, this.session.wakeAt);
      this.step({ kind: 'tick' });
    }
    this.now = end;
  }

  /** The newest link. */
  get link(): number {
    return this.dials.at(-1)?.link ?? 0;
  }

  open(): void {
    this.step({ kind: 'opened', link: this.link });
  }

  receive(bytes: Buffer): void {
    this.step({ kind: 'data', link: this.link, bytes });
  }

  /** Starts a call and gives its number. */
  call(
    code: number,
    body: Uint8Array = new Uint8Array(0),
    extra: Partial<Extract<SessionEvent, { kind: 'call' }>> = {},
  ): number {
    this.#calls += 1;
    this.step({ kind: 'call', call: this.#calls, code, body, ...extra });
    return this.#calls;
  }

  ask(
    event:
      | { readonly kind: 'connect' | 'logout'; readonly timeoutMillis?: number }
      | Pick<Extract<SessionEvent, { kind: 'login' }>, 'kind' | 'credentials'>,
  ): number {
    this.#calls += 1;
    this.step({ ...event, call: this.#calls });
    return this.#calls;
  }

  /** The newest request that was sent. */
  get last(): ScriptedRequest & { readonly at: number; readonly link: number } {
    const last = this.sent.at(-1);
    if (last === undefined) throw new Error('nothing was sent');
    return last;
  }

  /** Answers the newest request. */
  answer(build: (request: ScriptedRequest) => Buffer): void {
    this.receive(build(this.last));
  }

  outcome(call: number): CallOutcome | undefined {
    return this.outcomes.get(call);
  }

  /** The failure of a call that failed. */
  failure(call: number) {
    const outcome = this.outcomes.get(call);
    return outcome?.ok === false ? outcome.failure : undefined;
  }

  #record(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'dial':
        this.dials.push({ port: effect.endpoint.port, at: this.now, link: effect.link });
        return;
      case 'send':
        // Correlated frames have another form; whoever sends them reads them from the effects.
        if (effect.frame.length < 256) return;
        // A copy: a frame that is moved to another session later must not change the record.
        this.sent.push({
          ...readRequest(Buffer.from(effect.frame)),
          at: this.now,
          link: effect.link,
        });
        return;
      case 'hang-up':
        this.hangUps.push(effect.link);
        return;
      case 'settle':
        this.outcomes.set(effect.call, effect.outcome);
        return;
      case 'notice':
        this.notices.push(effect.notice);
        return;
      case 'received':
    }
  }
}
