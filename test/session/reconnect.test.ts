// Dialling, back-off, leader discovery and heartbeats, under virtual time.
import { describe, expect, test } from 'vitest';
import type { SessionOptions } from '../../src/session/index.js';
import { evict, loggedIn, op, reply, result, roster, status } from '../helpers/scripted-frames.js';
import { SessionHarness } from '../helpers/session-harness.js';

const seeds = [8091, 8092, 8093].map((port) => ({ host: '127.0.0.1', port }));
const autoLogin = { kind: 'password', username: 'iggy', password: 'iggy' } as const;
const reconnect = {
  enabled: true,
  maxRetries: undefined,
  intervalMillis: 1_000,
  reestablishAfterMillis: 5_000,
};

function harness(options: Partial<SessionOptions> = {}): SessionHarness {
  return new SessionHarness({ seeds, reconnect, heartbeatMillis: 0, ...options });
}

const fail = (h: SessionHarness, reason = 'ECONNREFUSED') =>
  h.step({ kind: 'open-failed', link: h.link, reason });

const ports = (h: SessionHarness) => h.dials.map((dial) => dial.port);

describe('dialling', () => {
  test('tries every node once per round, with a pause between rounds', () => {
    const h = harness();
    h.ask({ kind: 'connect' });
    for (let i = 0; i < 3; i++) fail(h);
    expect(ports(h)).toEqual([8091, 8092, 8093]);
    h.pass(999);
    expect(h.dials).toHaveLength(3);
    h.pass(1);
    expect(ports(h)).toEqual([8091, 8092, 8093, 8091]);
  });

  test('gives up after the rounds it was allowed, with the last reason', () => {
    const h = harness({ reconnect: { ...reconnect, maxRetries: 1 } });
    const connect = h.ask({ kind: 'connect' });
    for (let i = 0; i < 3; i++) fail(h);
    h.pass(1_000);
    for (let i = 0; i < 3; i++) fail(h, 'EHOSTUNREACH');
    expect(h.failure(connect)).toMatchObject({
      kind: 'connection',
      code: 9,
      reason: 'EHOSTUNREACH',
      attempts: 6,
    });
    expect(h.session.state).toBe('disconnected');
  });

  test('tries once without reconnection, and leaves a definite state', () => {
    const h = harness({ reconnect: { ...reconnect, enabled: false } });
    const connect = h.ask({ kind: 'connect' });
    for (let i = 0; i < 3; i++) fail(h);
    expect(h.failure(connect)).toMatchObject({ code: 9 });
    expect(h.session.state).toBe('disconnected');
    h.ask({ kind: 'connect' });
    h.open();
    expect(h.session.state).toBe('connected');
  });

  test('goes on to the next node when one does not answer in time', () => {
    const h = harness({ dialTimeoutMillis: 300 });
    h.ask({ kind: 'connect' });
    h.pass(300);
    expect(h.hangUps).toEqual([1]);
    expect(ports(h)).toEqual([8091, 8092]);
  });

  test('ends an attempt to connect when nobody waits for it any more', () => {
    const h = harness();
    const connect = h.ask({ kind: 'connect', timeoutMillis: 2_500 });
    for (let i = 0; i < 3; i++) fail(h);
    h.pass(2_500);
    expect(h.failure(connect)).toMatchObject({ code: 9, reason: 'ECONNREFUSED' });
    h.pass(60_000);
    expect(h.dials).toHaveLength(4);
  });

  test('does not come back to the node it lost before 5 s have passed, unless it is another', () => {
    const h = harness({ autoLogin });
    h.ask({ kind: 'connect' });
    h.open();
    h.answer((r) => loggedIn(r));
    h.step({ kind: 'closed', link: h.link, reason: 'reset' });
    expect(ports(h)).toEqual([8091, 8092]);
    const alone = harness({ autoLogin, seeds: seeds.slice(0, 1) });
    alone.ask({ kind: 'connect' });
    alone.open();
    alone.answer((r) => loggedIn(r));
    alone.pass(1_000);
    alone.step({ kind: 'closed', link: alone.link, reason: 'reset' });
    alone.pass(3_999);
    expect(alone.dials).toHaveLength(1);
    alone.pass(1);
    expect(alone.dials).toHaveLength(2);
  });

  test('does not dial in circles a node that only takes connections to drop them', () => {
    const h = harness({
      autoLogin,
      seeds: seeds.slice(0, 1),
      reconnect: { ...reconnect, reestablishAfterMillis: 0 },
    });
    h.ask({ kind: 'connect' });
    for (let i = 0; i < 5; i++) {
      h.open();
      h.step({ kind: 'closed', link: h.link, reason: 'reset' });
      h.pass(1_000);
    }
    expect(h.dials.length).toBeLessThanOrEqual(6);
  });

  test('calls wait for the connection that is being made, and fail with its reason', () => {
    const h = harness({ autoLogin });
    h.ask({ kind: 'connect' });
    fail(h);
    const call = h.call(200, undefined, { timeoutMillis: 400 });
    h.pass(400);
    expect(h.failure(call)).toMatchObject({ kind: 'connection', code: 9 });
  });
});

describe('finding the leader', () => {
  const follower = roster([{ tcp: 8091 }, { tcp: 8092, leader: true }, { tcp: 8093 }]);

  function loggedInAt8091(): SessionHarness {
    const h = harness({ autoLogin });
    h.ask({ kind: 'connect' });
    h.open();
    h.answer((r) => loggedIn(r));
    expect(h.last.code).toBe(12);
    return h;
  }

  test('moves at once, under the same client id', () => {
    const h = loggedInAt8091();
    const { client } = h.last;
    h.answer((r) => reply(r, { body: follower }));
    expect(ports(h)).toEqual([8091, 8092]);
    h.open();
    expect(h.last).toMatchObject({ operation: op.register, client });
  });

  test('looks every 250 ms for 5 s when nobody leads, then stays', () => {
    const h = loggedInAt8091();
    const leaderless = roster([{ tcp: 8091 }, { tcp: 8092 }]);
    const start = h.now;
    while (h.session.state === 'authenticated' && h.last.code === 12 && h.now - start < 9_000) {
      h.answer((r) => reply(r, { body: leaderless }));
      const before = h.sent.length;
      h.pass(250);
      if (h.sent.length === before) break;
    }
    expect(h.now - start).toBeGreaterThanOrEqual(5_000);
    expect(h.now - start).toBeLessThanOrEqual(5_500);
    h.call(202);
    expect(h.last.operation).toBe(op.createStream);
  });

  test('stays when the metadata is refused, or cannot be read', () => {
    for (const answer of [40, 3]) {
      const h = loggedInAt8091();
      h.answer((r) => status(r, answer));
      h.call(202);
      expect(h.last.operation).toBe(op.createStream);
    }
    const h = loggedInAt8091();
    h.answer((r) => reply(r, { body: Buffer.from([1, 2, 3]) }));
    h.call(202);
    expect(h.last.operation).toBe(op.createStream);
  });

  test('does not go to a leader that could not be reached a moment ago', () => {
    const h = loggedInAt8091();
    h.answer((r) => reply(r, { body: follower }));
    fail(h);
    expect(ports(h)).toEqual([8091, 8092, 8091]);
    h.open();
    h.answer((r) => loggedIn(r, { session: 2n }));
    h.answer((r) => reply(r, { body: follower }));
    expect(h.notices.some((each) => each.kind === 'warning')).toBe(true);
    h.call(202);
    expect(h.last.operation).toBe(op.createStream);
  });

  test('takes localhost and 127.0.0.1 for the same place', () => {
    const h = loggedInAt8091();
    const nodes = roster([{ ip: 'LOCALHOST', tcp: 8091, leader: true }, { tcp: 8092 }]);
    h.answer((r) => reply(r, { body: nodes }));
    expect(h.dials).toHaveLength(1);
  });

  test('asks another node to log in when this one keeps refusing with 58', () => {
    const h = harness({ autoLogin });
    h.ask({ kind: 'connect' });
    h.open();
    const { client } = h.last;
    while (h.dials.length === 1) {
      h.answer((r) => result(r, 58));
      h.pass(50);
    }
    expect(h.now).toBeGreaterThanOrEqual(3_000);
    expect(ports(h)).toEqual([8091, 8092]);
    h.open();
    expect(h.last).toMatchObject({ operation: op.register, client });
  });

  test('an automatic login that does not get through is tried again while somebody waits', () => {
    const h = harness({ autoLogin, seeds: seeds.slice(0, 1), requestTimeoutMillis: 1_000 });
    h.ask({ kind: 'connect', timeoutMillis: 3_000 });
    h.open();
    for (let i = 0; i < 30; i++) {
      h.answer((r) => result(r, 57));
      h.pass(50);
    }
    h.answer((r) => loggedIn(r));
    expect(h.session.state).toBe('authenticated');
  });

  test('an eviction while looking for the leader fails the login', () => {
    const h = harness();
    h.ask({ kind: 'connect' });
    h.open();
    const login = h.ask({ kind: 'login', credentials: autoLogin });
    h.answer((r) => loggedIn(r));
    h.receive(evict(4));
    expect(h.failure(login)).toMatchObject({ kind: 'evicted', reason: 4 });
    expect(h.session.state).toBe('connected');
  });
});

describe('heartbeats', () => {
  test('one ping per interval, and only one at a time', () => {
    const h = harness({ autoLogin, followLeader: false, heartbeatMillis: 5_000 });
    h.ask({ kind: 'connect' });
    h.open();
    h.answer((r) => loggedIn(r));
    h.pass(5_000);
    expect(h.last).toMatchObject({ operation: op.nonReplicated, code: 1 });
    h.pass(10_000);
    expect(h.sent.filter((r) => r.code === 1)).toHaveLength(1);
    h.answer((r) => reply(r));
    expect(h.notices.at(-1)).toEqual({ kind: 'heartbeat', ok: true });
    h.pass(5_000);
    expect(h.sent.filter((r) => r.code === 1)).toHaveLength(2);
  });

  test('pings follow a login that took longer than the interval', () => {
    const h = harness({ autoLogin, followLeader: false, heartbeatMillis: 5_000 });
    h.ask({ kind: 'connect' });
    h.open();
    h.pass(12_000);
    h.answer((r) => loggedIn(r));
    expect(h.sent.filter((r) => r.code === 1)).toHaveLength(0);
    h.pass(5_000);
    expect(h.sent.filter((r) => r.code === 1)).toHaveLength(1);
  });

  test('a ping without an answer ends the connection', () => {
    const h = harness({ autoLogin, followLeader: false, heartbeatMillis: 5_000 });
    h.ask({ kind: 'connect' });
    h.open();
    h.answer((r) => loggedIn(r));
    h.pass(35_000);
    expect(h.hangUps).toEqual([1]);
    expect(h.notices).toContainEqual(expect.objectContaining({ kind: 'disconnected' }));
    expect(h.dials).toHaveLength(2);
  });
});
