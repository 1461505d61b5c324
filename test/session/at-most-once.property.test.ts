// Random faults against a modelled server: every call ends once, and no mutation is applied twice.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPrng, type Prng } from '../../src/base/index.js';
import type { SessionOptions } from '../../src/session/index.js';
import {
  evict,
  loggedIn,
  ok,
  op,
  reply,
  result,
  type ScriptedRequest,
  status,
} from '../helpers/scripted-frames.js';
import { SessionHarness } from '../helpers/session-harness.js';

interface Entry {
  readonly origin: bigint;
  session: bigint;
  watermark: bigint;
  readonly replies: Map<bigint, Buffer>;
}

/** The servers of a cluster as one: a client table that applies a number once, and forgets at will. */
class Model {
  readonly applied = new Map<string, number>();
  readonly #entries = new Map<bigint, Entry>();
  readonly #prng: Prng;
  readonly #tells: boolean;
  #op = 1n;

  constructor(prng: Prng, tells: boolean) {
    this.#prng = prng;
    this.#tells = tells;
  }

  /** The client table loses everything. */
  forget(): void {
    this.#entries.clear();
  }

  answer(request: ScriptedRequest): Buffer {
    this.#op += 1n;
    const luck = this.#prng.below(20);
    const refusal = request.operation === op.nonReplicated ? status : result;
    if (luck === 0) return refusal(request, 57);
    if (luck === 1) return refusal(request, 58);
    switch (request.operation) {
      case op.register:
        return this.#register(request);
      case op.createStream:
        return this.#apply(request);
      default:
        return luck === 2 ? status(request, 40) : reply(request);
    }
  }

  #register(request: ScriptedRequest): Buffer {
    const found = this.#entries.get(request.client);
    const entry = found ?? { origin: this.#op, session: 0n, watermark: 0n, replies: new Map() };
    entry.session = this.#op;
    this.#entries.set(request.client, entry);
    const { origin, watermark } = entry;
    const context = this.#tells ? { context: { origin, watermark } } : {};
    return loggedIn(request, { session: this.#op, version: 'iggyctl/1', ...context });
  }

  #apply(request: ScriptedRequest): Buffer {
    const entry = this.#entries.get(request.client);
    if (entry === undefined) return evict(1);
    if (request.session < entry.session) return evict(7);
    const cached = entry.replies.get(request.request);
    if (cached !== undefined) return cached;
    if (request.request <= entry.watermark) return result(request, 59);
    const name = request.body.toString();
    this.applied.set(name, (this.applied.get(name) ?? 0) + 1);
    entry.watermark = request.request;
    const answer = ok(request, Buffer.from(name));
    if (this.#prng.below(8) > 0) entry.replies.set(request.request, answer);
    return answer;
  }
}

/** A session, a model, and a network that loses, delays and cuts. */
class World {
  readonly session: SessionHarness;
  readonly model: Model;
  readonly prng: Prng;
  readonly calls: { readonly id: number; readonly name: string; readonly code: number }[] = [];
  #handled = 0;
  #dialled = 0;
  #inFlight: { readonly link: number; readonly bytes: Buffer }[] = [];

  constructor(seed: number, options: Partial<SessionOptions>, tells: boolean) {
    this.prng = createPrng(seed);
    this.model = new Model(this.prng.fork('model'), tells);
    this.session = new SessionHarness(options);
    this.session.ask({ kind: 'connect' });
  }

  #isDead = new Set<number>();

  turn(): void {
    const { prng, session } = this;
    const choice = prng.below(12);
    if (choice < 3) this.#call();
    else if (choice < 8) this.#network();
    else if (choice === 8) this.#cut();
    else if (choice === 9 && prng.below(6) === 0) this.model.forget();
    else session.pass(prng.pick([1, 20, 60, 500, 3_000]));
    this.#serve();
    expect(session.session.wakeAt).toBeGreaterThanOrEqual(session.now);
  }

  #call(): void {
    const name = `m${this.calls.length}`;
    const code = this.prng.pick([202, 202, 200]);
    const id = this.session.call(code, Buffer.from(name));
    this.calls.push({ id, name, code });
  }

  /** Requests reach the server, or are lost with their connection later. */
  #serve(): void {
    const { session } = this;
    for (; this.#handled < session.sent.length; this.#handled++) {
      const request = session.sent[this.#handled];
      if (request === undefined || this.#isDead.has(request.link)) continue;
      if (this.prng.below(12) === 0) continue;
      const { link } = request;
      this.#inFlight.push({ link, bytes: this.model.answer(request) });
    }
  }

  #network(): void {
    const { session } = this;
    if (session.dials.length > this.#dialled) {
      this.#dialled = session.dials.length;
      if (this.prng.below(5) > 0) session.open();
      else session.step({ kind: 'open-failed', link: session.link, reason: 'ECONNREFUSED' });
    }
    const next = this.#inFlight.shift();
    if (next !== undefined && !this.#isDead.has(next.link)) {
      session.step({ kind: 'data', link: next.link, bytes: next.bytes });
    }
  }

  #cut(): void {
    const { session } = this;
    if (this.prng.below(3) > 0 || this.#isDead.has(session.link)) return;
    this.#isDead.add(session.link);
    // Half of the requests on their way still arrive.
    if (this.prng.chance(0.5)) this.#serve();
    session.step({ kind: 'closed', link: session.link, reason: 'ECONNRESET' });
  }

  /** No more faults: time passes until everything has an outcome. */
  finish(): void {
    this.session.pass(200_000);
    this.session.step({ kind: 'shutdown' });
  }
}

const runs = 80;

for (const mode of ['lockstep', 'pipelined'] as const) {
  for (const tells of [true, false]) {
    const server = tells ? 'a server that tells origins' : 'a server that tells nothing';
    test(`${mode} against ${server}: every call ends once, no mutation is applied twice`, () => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const world = new World(
            seed,
            {
              mode,
              followLeader: false,
              autoLogin: { kind: 'password', username: 'iggy', password: 'iggy' },
              heartbeatMillis: 700,
              requestTimeoutMillis: 4_000,
              reconnect: {
                enabled: true,
                maxRetries: undefined,
                intervalMillis: 100,
                reestablishAfterMillis: 50,
              },
            },
            tells,
          );
          for (let i = 0; i < 120; i++) world.turn();
          world.finish();
          for (const { id, name, code } of world.calls) {
            const settled = world.session.effects.filter(
              (effect) => effect.kind === 'settle' && effect.call === id,
            );
            expect(settled, `call ${id}`).toHaveLength(1);
            if (code !== 202) continue;
            const times = world.model.applied.get(name) ?? 0;
            expect(times, name).toBeLessThanOrEqual(1);
            const outcome = world.session.outcome(id);
            if (outcome?.ok === true) expect(times, name).toBe(1);
            const failure = world.session.failure(id);
            if (failure?.kind === 'outcome-unknown' && failure.applied) expect(times).toBe(1);
            // A plain refusal, or a failure before anything was sent, promises that nothing happened.
            const isDefinite =
              failure?.kind === 'evicted' ||
              (failure?.kind === 'server' && failure.code !== 57 && failure.code !== 59) ||
              failure?.kind === 'local' ||
              failure?.kind === 'timeout' ||
              failure?.kind === 'protocol' ||
              failure?.kind === 'connection';
            if (isDefinite) expect(times, `${name} failed with ${failure.kind}`).toBe(0);
          }
        }),
        { numRuns: runs },
      );
    });
  }
}
