import { describe, expect, test } from 'vitest';
import type { SessionOptions } from '../../src/session/index.js';
import {
  evict,
  loggedIn,
  ok,
  op,
  reply,
  type ScriptedRequest,
} from '../helpers/scripted-frames.js';
import { SessionHarness } from '../helpers/session-harness.js';

const base: Partial<SessionOptions> = {
  autoLogin: { kind: 'password', username: 'iggy', password: 'iggy' },
  followLeader: false,
  heartbeatMillis: 0,
  mode: 'pipelined',
  reconnect: {
    enabled: true,
    maxRetries: undefined,
    intervalMillis: 100,
    reestablishAfterMillis: 0,
  },
};
const body = Buffer.from('body');
const uncounted = 1n << 63n;

function ready(version = 'iggyctl/0.1.0', options: Partial<SessionOptions> = {}): SessionHarness {
  const harness = new SessionHarness({ ...base, ...options });
  harness.ask({ kind: 'connect' });
  harness.open();
  harness.answer((r) => loggedIn(r, { session: 10n, version }));
  return harness;
}

/** Requests sent after the login. */
const sentBy = (h: SessionHarness) => h.sent.slice(1);

describe('pipelining', () => {
  test('sends reads and sends at once, each under a number of its own above 2^63', () => {
    const h = ready();
    for (const code of [200, 101, 201, 121]) h.call(code, body);
    const numbers = sentBy(h).map((r) => r.request);
    expect(numbers).toHaveLength(4);
    expect(new Set(numbers).size).toBe(4);
    expect(numbers.every((number) => number > uncounted)).toBe(true);
  });

  test('matches answers by number, in whatever order they come', () => {
    const h = ready();
    const calls = [200, 201, 20].map((code) => h.call(code, body));
    const [first, second, third] = sentBy(h) as ScriptedRequest[];
    h.receive(reply(third!, { body: Buffer.from('three') }));
    h.receive(Buffer.concat([reply(second!), reply(first!, { body: Buffer.from('one') })]));
    const payloads = calls.map((call) => {
      const outcome = h.outcome(call);
      return outcome?.ok === true && outcome.kind === 'reply'
        ? Buffer.from(outcome.reply.payload).toString()
        : 'none';
    });
    expect(payloads).toEqual(['one', '', 'three']);
  });

  test('has one mutation outstanding at most, and lets reads pass it', () => {
    const h = ready();
    h.call(202, body);
    h.call(203, body);
    h.call(200, body);
    expect(sentBy(h).map((r) => r.operation)).toEqual([op.createStream, op.nonReplicated]);
    expect(sentBy(h)[0]?.request).toBe(1n);
    h.receive(ok(sentBy(h)[0]!));
    expect(h.last).toMatchObject({ operation: op.deleteStream, request: 2n });
  });

  test('a mutation that pauses after 57 holds back the next one, not the reads', () => {
    const h = ready();
    h.call(202, body);
    const first = h.last;
    h.receive(reply(first, { body: Buffer.from('010000000000000039000000', 'hex') }));
    h.call(203, body);
    h.call(200, body);
    expect(h.last.code).toBe(200);
    h.pass(50);
    expect(h.last).toMatchObject({ operation: op.createStream, request: 1n });
  });

  test('sends at most 64 requests before an answer', () => {
    const h = ready();
    for (let i = 0; i < 70; i++) h.call(200, body);
    expect(sentBy(h)).toHaveLength(64);
    h.receive(reply(sentBy(h)[40]!));
    expect(sentBy(h)).toHaveLength(65);
  });

  test('an eviction fails everything that is outstanding', () => {
    const h = ready();
    const calls = [200, 201].map((code) => h.call(code, body));
    h.receive(evict(4));
    expect(calls.map((call) => h.failure(call)?.code)).toEqual([3, 3]);
    expect(h.hangUps).toEqual([1]);
  });

  test('an answer to nothing closes the connection', () => {
    const h = ready();
    const call = h.call(200, body);
    h.receive(reply(h.last, { request: uncounted + 999n }));
    expect(h.failure(call)).toMatchObject({ kind: 'protocol' });
    expect(h.hangUps).toEqual([1]);
  });

  test('stays in lockstep with servers that are not of this project', () => {
    const h = ready('0.11.0');
    h.call(200, body);
    h.call(201, body);
    expect(sentBy(h)).toHaveLength(1);
    expect(h.last.request).toBe(1n);
  });

  test('a logout waits for everything before it, and holds everything after it', () => {
    const h = ready();
    h.call(200, body);
    const read = h.last;
    h.ask({ kind: 'logout' });
    h.call(201, body);
    expect(sentBy(h)).toHaveLength(1);
    h.receive(reply(read));
    expect(h.last.operation).toBe(op.logout);
    h.answer((r) => reply(r));
    expect(h.session.state).toBe('connected');
  });
});

/** A response of a correlated listener. */
function response(id: bigint, fields: { status?: number; payload?: Buffer } = {}): Buffer {
  const { status = 0, payload = Buffer.alloc(0) } = fields;
  const frame = Buffer.alloc(16 + payload.length);
  frame.writeUInt32LE(status, 0);
  frame.writeUInt32LE(8 + payload.length, 4);
  frame.writeBigUInt64LE(id, 8);
  payload.copy(frame, 16);
  return frame;
}

interface CorrelatedRequest {
  readonly code: number;
  readonly id: bigint;
  readonly body: Buffer;
}

describe('correlated framing', () => {
  /** Requests as 16-byte frames; the harness cannot read them, the effects hold them. */
  function sent(h: SessionHarness): CorrelatedRequest[] {
    return h.effects.flatMap((effect) => {
      if (effect.kind !== 'send') return [];
      const frame = Buffer.from(effect.frame);
      expect(frame.readUInt32LE(0)).toBe(frame.length - 4);
      const id = frame.readBigUInt64LE(8);
      return [{ code: frame.readUInt32LE(4), id, body: frame.subarray(16) }];
    });
  }

  function correlated(): SessionHarness {
    const h = new SessionHarness({ ...base, framing: 'correlated', mode: 'lockstep' });
    h.ask({ kind: 'connect' });
    h.open();
    const [login] = sent(h);
    expect(login?.code).toBe(40);
    const payload = Buffer.from(`00000000${'0a00000000000000'}002c0000${'05'}302e312e30`, 'hex');
    h.receive(response(login!.id, { payload }));
    expect(h.session.state).toBe('authenticated');
    return h;
  }

  test('logs in with code 40, and needs no result section', () => {
    expect(correlated().session.status).toMatchObject({ session: 10n, serverVersion: '0.1.0' });
  });

  test('sends everything at once and matches answers by id', () => {
    const h = correlated();
    const calls = [202, 202, 200, 101].map((code) => h.call(code, body));
    const requests = sent(h).slice(1);
    expect(requests.map((r) => r.code)).toEqual([202, 202, 200, 101]);
    expect(requests.map((r) => r.body.toString())).toEqual(Array(4).fill('body'));
    for (const request of [...requests].reverse()) {
      h.receive(response(request.id, { payload: Buffer.from(`${request.id}`) }));
    }
    for (const [index, call] of calls.entries()) {
      const outcome = h.outcome(call);
      expect(outcome).toMatchObject({ ok: true });
      if (outcome?.ok === true && outcome.kind === 'reply') {
        expect(Buffer.from(outcome.reply.payload).toString()).toBe(`${requests[index]?.id}`);
      }
    }
  });

  test('reports 57 at once, and repeats 58', () => {
    const h = correlated();
    const unknown = h.call(202, body);
    h.receive(response(sent(h).at(-1)!.id, { status: 57 }));
    expect(h.failure(unknown)).toMatchObject({ kind: 'server', code: 57 });
    const refused = h.call(202, body);
    h.receive(response(sent(h).at(-1)!.id, { status: 58 }));
    h.pass(50);
    h.receive(response(sent(h).at(-1)!.id));
    expect(h.outcome(refused)).toMatchObject({ ok: true });
  });

  test('cannot say what became of a mutation when the connection is lost', () => {
    const h = correlated();
    const mutation = h.call(202, body);
    const read = h.call(200, body);
    h.step({ kind: 'closed', link: h.link, reason: 'reset' });
    expect(h.failure(mutation)).toMatchObject({ kind: 'outcome-unknown' });
    expect(h.outcome(read)).toBeUndefined();
  });

  test('a response shorter than its header ends the connection', () => {
    const h = correlated();
    h.call(200, body);
    h.receive(Buffer.alloc(16));
    expect(h.hangUps).toEqual([1]);
  });
});
