// The session state machine under virtual time, against hand-written frames.
import { describe, expect, test } from 'vitest';
import type { SessionOptions } from '../../src/session/index.js';
import {
  evict,
  loggedIn,
  ok,
  op,
  reply,
  result,
  roster,
  status,
  streamRecord,
} from '../helpers/scripted-frames.js';
import { SessionHarness } from '../helpers/session-harness.js';

const credentials = { kind: 'password', username: 'iggy', password: 'iggy' } as const;
const base: Partial<SessionOptions> = {
  autoLogin: credentials,
  followLeader: false,
  heartbeatMillis: 0,
  reconnect: {
    enabled: true,
    maxRetries: undefined,
    intervalMillis: 100,
    reestablishAfterMillis: 0,
  },
};
const body = Buffer.from('body of a mutation');
const context = { watermark: 0n, origin: 10n };

/** Connected and logged in, with session 10 of the table entry 10. */
function ready(options: Partial<SessionOptions> = {}): SessionHarness {
  const harness = new SessionHarness({ ...base, ...options });
  harness.ask({ kind: 'connect' });
  harness.open();
  harness.answer((r) => loggedIn(r, { session: 10n, version: 'iggyctl/0.1.0', context }));
  expect(harness.session.state).toBe('authenticated');
  return harness;
}

describe('replays', () => {
  test('04-S80 sends a mutation answered by 57 again, the same bytes at least 50 ms apart', () => {
    const h = ready();
    const call = h.call(202, body);
    for (let i = 0; i < 3; i++) {
      h.answer((r) => result(r, 57));
      h.pass(200);
    }
    h.answer((r) => ok(r, streamRecord(1, 'a')));
    const copies = h.sent.filter((r) => r.operation === op.createStream);
    expect(copies.map((r) => r.bytes.toString('hex'))).toEqual(
      Array(4).fill(copies[0]?.bytes.toString('hex')),
    );
    for (let i = 1; i < 4; i++) {
      expect((copies[i]?.at ?? 0) - (copies[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(50);
    }
    expect(h.outcome(call)?.ok).toBe(true);
    expect(h.session.status.nextRequest).toBe(2n);
  });

  test('04-S81 gives up with 57 after 30 s and keeps the connection', () => {
    const h = ready();
    const call = h.call(202, body);
    const start = h.now;
    while (h.outcome(call) === undefined) {
      h.answer((r) => result(r, 57));
      h.pass(50);
    }
    expect(h.now - start).toBe(30_000);
    expect(h.failure(call)).toMatchObject({ kind: 'server', code: 57 });
    expect(h.hangUps).toEqual([]);
    const next = h.call(202, body);
    h.answer((r) => ok(r, streamRecord(1, 'a')));
    expect(h.outcome(next)?.ok).toBe(true);
  });

  test('04-S82 fails with 8 after 30 s without an answer and closes the connection', () => {
    const h = ready();
    const read = h.call(200);
    h.pass(29_999);
    expect(h.outcome(read)).toBeUndefined();
    h.pass(1);
    expect(h.failure(read)).toMatchObject({ kind: 'timeout', code: 8, stage: 'sent' });
    expect(h.hangUps).toEqual([1]);
  });

  test('04-S82 says of a mutation without an answer that its outcome is unknown', () => {
    const h = ready();
    const call = h.call(202, body);
    h.pass(30_000);
    expect(h.failure(call)).toMatchObject({
      kind: 'outcome-unknown',
      code: 8,
      request: 1n,
      cause: { kind: 'timeout' },
    });
    expect(h.hangUps).toEqual([1]);
  });

  test('replays 58 in place for 2 s, then looks for the leader and stays if there is no other', () => {
    const h = ready({ followLeader: true, seeds: [{ host: '127.0.0.1', port: 8091 }] });
    // The roster read after the login.
    h.answer((r) => reply(r, { body: roster([{ tcp: 8091, leader: true }, { tcp: 8092 }]) }));
    const call = h.call(202, body);
    const start = h.now;
    while (h.last.operation === op.createStream) {
      h.answer((r) => result(r, 58));
      h.pass(50);
    }
    expect(h.now - start).toBeGreaterThanOrEqual(2_000);
    expect(h.last.code).toBe(12);
    h.answer((r) => reply(r, { body: roster([{ tcp: 8091, leader: true }, { tcp: 8092 }]) }));
    expect(h.last).toMatchObject({ operation: op.createStream, request: 1n });
    h.answer((r) => ok(r, streamRecord(1, 'a')));
    expect(h.outcome(call)?.ok).toBe(true);
  });

  test('04-S64 follows 58 to the leader and sends the same number there', () => {
    const seeds = [{ host: '127.0.0.1', port: 8092 }];
    const h = ready({ followLeader: true, seeds });
    const nodes = roster([{ tcp: 8091 }, { tcp: 8092, leader: true }]);
    h.answer((r) => reply(r, { body: nodes }));
    const call = h.call(202, body);
    const first = h.last;
    while (h.last.operation === op.createStream) {
      h.answer((r) => result(r, 58));
      h.pass(50);
    }
    h.answer((r) => reply(r, { body: roster([{ tcp: 8091, leader: true }, { tcp: 8092 }]) }));
    expect(h.dials.map((d) => d.port)).toEqual([8092, 8091]);
    h.open();
    expect(h.last).toMatchObject({ operation: op.register, client: first.client });
    h.answer((r) => loggedIn(r, { session: 20n }));
    h.answer((r) => reply(r, { body: roster([{ tcp: 8091, leader: true }, { tcp: 8092 }]) }));
    expect(h.last).toMatchObject({ operation: op.createStream, request: 1n, session: 20n });
    expect(h.last.body).toEqual(first.body);
    h.answer((r) => ok(r, streamRecord(1, 'a')));
    expect(h.outcome(call)?.ok).toBe(true);
  });
});

describe('numbers', () => {
  test('04-S83 counts mutations only: sends, reads and the mutation after them share a number', () => {
    const h = ready();
    const numbers: bigint[] = [];
    for (const code of [101, 101, 101, 200, 201, 202, 202]) {
      h.call(code, body);
      numbers.push(h.last.request);
      const payload = Buffer.from(`01000000${'00'.repeat(20)}`, 'hex');
      h.answer((r) => (code === 101 ? reply(r, { body: payload }) : ok(r)));
    }
    expect(numbers).toEqual([1n, 1n, 1n, 1n, 1n, 1n, 2n]);
  });

  test('stamps logins and mutations, and neither reads nor sends', () => {
    const h = ready();
    expect(h.sent[0]?.checksum).not.toBe(0n);
    h.call(202, body);
    expect(h.last.checksum).not.toBe(0n);
    h.answer((r) => ok(r));
    h.call(200, body);
    expect(h.last).toMatchObject({ checksum: 0n, code: 200, operation: 2, session: 10n });
    h.answer((r) => reply(r));
    h.call(101, body);
    expect(h.last).toMatchObject({ checksum: 0n, code: 0, operation: op.sendMessages });
  });
});

describe('resume', () => {
  /** Ready, with mutation number `n` sent and its connection lost; then logged in again. */
  function resumed(
    n: bigint,
    again: { session: bigint; context?: { watermark: bigint; origin: bigint } },
    options: Partial<SessionOptions> = {},
  ) {
    const h = ready(options);
    for (let i = 1n; i < n; i++) {
      h.call(203, body);
      h.answer((r) => ok(r));
    }
    const call = h.call(202, body);
    const lost = h.last;
    expect(lost.request).toBe(n);
    h.step({ kind: 'closed', link: h.link, reason: 'ECONNRESET' });
    h.open();
    expect(h.last).toMatchObject({ operation: op.register, client: lost.client, session: 0n });
    h.answer((r) => loggedIn(r, { version: 'iggyctl/0.1.0', ...again }));
    return { h, call, lost };
  }

  for (const n of [1n, 5n]) {
    for (const watermark of [n, n - 1n]) {
      test(`04-S84 sends mutation ${n} again under the new session at watermark ${watermark}`, () => {
        const { h, call, lost } = resumed(n, {
          session: 40n,
          context: { watermark, origin: 10n },
        });
        expect(h.last).toMatchObject({ request: n, session: 40n, operation: op.createStream });
        expect(h.last.body).toEqual(lost.body);
        expect(h.last.checksum).toBe(lost.checksum);
        h.answer((r) => ok(r, streamRecord(1, 'a')));
        expect(h.outcome(call)?.ok).toBe(true);
        expect(h.session.status.nextRequest).toBe(n + 1n);
      });
    }

    test(`04-S84 fails mutation ${n} when the entry has another origin, and sends nothing`, () => {
      const { h, call } = resumed(n, { session: 40n, context: { watermark: 0n, origin: 40n } });
      expect(h.last.operation).toBe(op.register);
      expect(h.failure(call)).toMatchObject({ kind: 'outcome-unknown', request: n });
      const next = h.call(202, body);
      expect(h.last.request).toBe(n + 1n);
      h.answer((r) => ok(r));
      expect(h.outcome(next)?.ok).toBe(true);
    });
  }

  test('04-S85 is conservative with a server that tells nothing about the entry', () => {
    const { h, call } = resumed(5n, { session: 40n });
    expect(h.failure(call)).toMatchObject({ kind: 'outcome-unknown', request: 5n });
    h.call(202, body);
    expect(h.last.request).toBe(6n);
  });

  test('sends again to such a server when the caller allows a second application', () => {
    const { h, call } = resumed(5n, { session: 40n }, { retry: 'ambiguous' });
    expect(h.last).toMatchObject({ request: 5n, session: 40n });
    h.answer((r) => ok(r));
    expect(h.outcome(call)?.ok).toBe(true);
  });

  test('reads 59 after a resume as applied, with the result lost', () => {
    const { h, call } = resumed(1n, { session: 40n, context: { watermark: 1n, origin: 10n } });
    h.answer((r) => result(r, 59));
    expect(h.failure(call)).toMatchObject({ kind: 'outcome-unknown', applied: true });
  });

  test('reports success for a void mutation that was applied already', () => {
    const h = ready();
    const call = h.call(203, body);
    h.step({ kind: 'closed', link: h.link, reason: 'reset' });
    h.open();
    h.answer((r) => loggedIn(r, { session: 40n, context: { watermark: 1n, origin: 10n } }));
    h.answer((r) => result(r, 59));
    expect(h.outcome(call)).toMatchObject({ ok: true, reply: { alreadyApplied: true } });
  });

  test('keeps the counter above the watermark that the server reports', () => {
    const { h } = resumed(1n, { session: 40n, context: { watermark: 77n, origin: 10n } });
    expect(h.session.status.nextRequest).toBe(78n);
  });

  test('refuses mutations when a server leaves no numbers, and can still log out', () => {
    const watermark = (1n << 64n) - 2n;
    const { h } = resumed(1n, { session: 40n, context: { watermark, origin: 10n } });
    h.answer((r) => ok(r));
    expect(h.failure(h.call(202, body))).toMatchObject({ kind: 'local', code: 3 });
    const logout = h.ask({ kind: 'logout' });
    expect(h.last).toMatchObject({ operation: op.logout, session: 40n });
    h.answer((r) => ok(r));
    expect(h.outcome(logout)?.ok).toBe(true);
  });

  test('does not send partition operations again, and reads once', () => {
    const h = ready();
    const send = h.call(101, body);
    h.step({ kind: 'closed', link: h.link, reason: 'reset' });
    expect(h.failure(send)).toMatchObject({ kind: 'connection', code: 8 });
    h.open();
    h.answer((r) => loggedIn(r, { session: 40n, context }));
    const read = h.call(200, body);
    h.step({ kind: 'closed', link: h.link, reason: 'reset' });
    h.open();
    h.answer((r) => loggedIn(r, { session: 41n, context }));
    expect(h.last.code).toBe(200);
    h.step({ kind: 'closed', link: h.link, reason: 'reset' });
    expect(h.failure(read)).toMatchObject({ kind: 'connection', code: 8 });
  });

  test('sends a lost login again under the same client id', () => {
    const h = new SessionHarness(base);
    h.ask({ kind: 'connect' });
    h.open();
    const first = h.last;
    h.step({ kind: 'closed', link: h.link, reason: 'reset' });
    h.open();
    expect(h.last.client).toBe(first.client);
  });
});

test('a client id without numbers left fails mutations, and nothing else', () => {
  const h = new SessionHarness(base);
  h.ask({ kind: 'connect' });
  h.open();
  const watermark = (1n << 64n) - 2n;
  h.answer((r) => loggedIn(r, { session: 10n, context: { watermark, origin: 1n } }));
  const mutation = h.call(202, body);
  expect(h.failure(mutation)).toMatchObject({ kind: 'local', code: 3 });
  h.call(200, body);
  expect(h.last.code).toBe(200);
});

describe('evictions', () => {
  test('04-S86 fails the request with 30, closes the socket and reconnects', () => {
    const h = new SessionHarness({ ...base, autoLogin: undefined });
    h.ask({ kind: 'connect' });
    h.open();
    const read = h.call(200, body, { evenUnbound: true });
    h.receive(evict(13));
    expect(h.failure(read)).toMatchObject({ kind: 'evicted', code: 30, reason: 13 });
    expect(h.hangUps).toEqual([1]);
    h.pass(1_000);
    expect(h.dials).toHaveLength(2);
  });

  test('logs in again after StaleClient when it can, and sends the request again', () => {
    const h = ready();
    const call = h.call(202, body);
    const first = h.last;
    h.receive(evict(13));
    h.open();
    h.answer((r) => loggedIn(r, { session: 40n, context: { watermark: 0n, origin: 40n } }));
    expect(h.last).toMatchObject({ request: first.request, session: 40n });
    h.answer((r) => ok(r));
    expect(h.outcome(call)?.ok).toBe(true);
  });

  test('hands an eviction to the caller when it must not reconnect', () => {
    const reconnect = {
      enabled: false,
      maxRetries: 0,
      intervalMillis: 100,
      reestablishAfterMillis: 0,
    };
    const h = ready({ reconnect });
    const call = h.call(202, body);
    h.receive(evict(1));
    expect(h.failure(call)).toMatchObject({ kind: 'evicted', code: 40, reason: 1 });
    expect(h.hangUps).toEqual([]);
  });

  test('04-S87 reports an unknown reason as 3 and does not go in circles', () => {
    const h = ready();
    const call = h.call(202, body);
    h.receive(evict(200));
    expect(h.failure(call)).toMatchObject({ kind: 'evicted', code: 3, reason: 200 });
    h.pass(60_000);
    expect(h.dials).toHaveLength(1);
    expect(h.sent.filter((r) => r.operation === op.register)).toHaveLength(1);
  });

  test('keeps an eviction that came unasked for the next request', () => {
    const h = new SessionHarness({ ...base, autoLogin: undefined });
    h.ask({ kind: 'connect' });
    h.open();
    h.receive(evict(7));
    const call = h.call(202, body);
    expect(h.failure(call)).toMatchObject({ kind: 'evicted', reason: 7, code: 40 });
  });

  test('does not take a client id back from whoever fenced it', () => {
    const h = ready();
    const call = h.call(202, body);
    const before = h.last.client;
    h.receive(evict(7));
    h.open();
    expect(h.last.operation).toBe(op.register);
    expect(h.last.client).not.toBe(before);
    h.answer((r) => loggedIn(r, { session: 50n }));
    expect(h.last).toMatchObject({ operation: op.createStream, request: 1n, session: 50n });
    h.answer((r) => ok(r));
    expect(h.outcome(call)?.ok).toBe(true);
  });

  test('a fenced client with a chosen id fails and does not fight for it', () => {
    const h = ready({ clientId: 99n });
    const call = h.call(202, body);
    h.receive(evict(7));
    expect(h.failure(call)).toMatchObject({ kind: 'evicted', reason: 7 });
    h.pass(60_000);
    expect(h.sent.filter((r) => r.operation === op.register)).toHaveLength(1);
  });

  test('logs in again once when a read is answered by 40, then reports it', () => {
    const h = ready();
    const call = h.call(20);
    h.answer((r) => status(r, 40));
    h.open();
    h.answer((r) => loggedIn(r, { session: 40n, context }));
    expect(h.last.code).toBe(20);
    h.answer((r) => status(r, 40));
    expect(h.failure(call)).toMatchObject({ kind: 'server', code: 40 });
  });
});

describe('replies', () => {
  test('04-S88 takes operation 64 for the answer to a create-topic', () => {
    const h = ready();
    const call = h.call(302, body);
    h.answer((r) => ok(r, Buffer.from('topic'), { operation: op.createTopicWithAssignments }));
    expect(h.outcome(call)).toMatchObject({ ok: true });
  });

  test('ends a connection whose reply belongs to another operation', () => {
    const h = ready();
    const call = h.call(202, body);
    h.answer((r) => ok(r, Buffer.alloc(0), { operation: op.deleteStream }));
    expect(h.failure(call)).toMatchObject({
      kind: 'outcome-unknown',
      cause: { kind: 'protocol', code: 3 },
    });
    expect(h.hangUps).toEqual([1]);
  });

  test('does not take an empty confirmation of sent messages for success', () => {
    const h = ready();
    const call = h.call(101, body);
    h.answer((r) => reply(r));
    expect(h.failure(call)).toMatchObject({ kind: 'protocol', code: 3 });
  });

  test('a result section that ends early is never success', () => {
    const h = ready();
    const call = h.call(202, body);
    h.answer((r) => reply(r, { body: Buffer.from([1, 0]) }));
    expect(h.failure(call)).toMatchObject({ kind: 'outcome-unknown', cause: { code: 3 } });
  });

  test('a frame below the size of a header ends the connection', () => {
    const h = ready();
    const call = h.call(200, body);
    h.receive(Buffer.alloc(60));
    expect(h.failure(call)).toMatchObject({ kind: 'protocol' });
    expect(h.hangUps).toEqual([1]);
  });
});

describe('switching users', () => {
  const other = { kind: 'password', username: 'other', password: 'secret' } as const;

  test('04-S90 logs out first, and takes a new id when the old one belongs to somebody else', () => {
    const h = ready();
    const login = h.ask({ kind: 'login', credentials: other });
    expect(h.last).toMatchObject({ operation: op.logout, session: 10n, request: 1n });
    const first = h.last.client;
    h.answer((r) => reply(r));
    expect(h.last).toMatchObject({ operation: op.register, client: first });
    h.receive(evict(12));
    expect(h.last.operation).toBe(op.register);
    expect(h.last.client).not.toBe(first);
    h.answer((r) => loggedIn(r, { session: 44n, userId: 2 }));
    expect(h.outcome(login)).toMatchObject({ ok: true, signedIn: { userId: 2, session: 44n } });
    h.call(202, body);
    expect(h.last.request).toBe(1n);
  });

  test('a second refusal of the id ends the login', () => {
    const h = ready();
    const login = h.ask({ kind: 'login', credentials: other });
    h.answer((r) => reply(r));
    h.receive(evict(12));
    h.receive(evict(12));
    expect(h.failure(login)).toMatchObject({ kind: 'evicted', code: 40, reason: 12 });
    expect(h.session.state).toBe('connected');
  });

  test('an automatic login does not undo a logout', () => {
    const h = ready();
    const logout = h.ask({ kind: 'logout' });
    h.answer((r) => reply(r));
    expect(h.outcome(logout)).toMatchObject({ ok: true });
    const call = h.call(202, body);
    expect(h.failure(call)).toMatchObject({ kind: 'local', code: 40 });
    h.step({ kind: 'closed', link: h.link, reason: 'reset' });
    h.open();
    expect(h.last.operation).toBe(op.logout);
  });

  test('a refused automatic login is not tried again on the same connection', () => {
    const h = new SessionHarness(base);
    const connect = h.ask({ kind: 'connect' });
    h.open();
    h.receive(evict(9));
    expect(h.failure(connect)).toMatchObject({ kind: 'evicted', code: 42 });
    expect(h.session.state).toBe('connected');
    const call = h.call(202, body);
    expect(h.failure(call)).toMatchObject({ kind: 'local', code: 40, cause: { code: 42 } });
    expect(h.sent).toHaveLength(1);
  });
});
