import { describe, expect, test } from 'vitest';
import { ConsensusSession } from '../../src/session/index.js';

function entropyOf(...ids: bigint[]) {
  const left = [...ids];
  return { u128: () => left.shift() ?? 1n << 100n, unit: () => 0 };
}

const forbidden = 0xffff_ffff_ffff_ffffn << 64n;

describe('ConsensusSession', () => {
  test('starts unbound with a random client id and number 1', () => {
    const session = new ConsensusSession(entropyOf(7n));
    expect(session).toMatchObject({ clientId: 7n, session: undefined, currentRequestId: 1n });
  });

  test('draws again what belongs to nobody or to servers', () => {
    expect(new ConsensusSession(entropyOf(0n, forbidden, forbidden | 5n, 9n)).clientId).toBe(9n);
  });

  test('numbers mutations only while bound', () => {
    const session = new ConsensusSession(entropyOf(7n));
    expect(() => session.nextRequestId()).toThrow(
      expect.objectContaining({ code: 'SESSION_UNBOUND', details: { code: 40 } }) as Error,
    );
    session.beginRegister();
    session.bind(3n);
    expect([session.nextRequestId(), session.nextRequestId(), session.currentRequestId]).toEqual([
      1n,
      2n,
      3n,
    ]);
  });

  test('refuses a second bind with 14000 and session 0 with 14001', () => {
    const session = new ConsensusSession(entropyOf(7n));
    expect(() => session.bind(0n)).toThrow(
      expect.objectContaining({ details: { code: 14_001 } }) as Error,
    );
    session.bind(3n);
    expect(() => session.bind(4n)).toThrow(
      expect.objectContaining({ details: { code: 14_000 } }) as Error,
    );
  });

  test('keeps id and counter over a new login once it was bound', () => {
    const session = new ConsensusSession(entropyOf(7n, 8n));
    session.beginRegister();
    session.bind(3n);
    session.nextRequestId();
    session.unbind();
    session.beginRegister();
    session.bind(9n);
    expect(session).toMatchObject({ clientId: 7n, currentRequestId: 2n });
  });

  test('takes a new id for a new login if the last one did not succeed', () => {
    const session = new ConsensusSession(entropyOf(7n, 8n));
    session.beginRegister();
    session.beginRegister();
    expect(session.clientId).toBe(8n);
  });

  test('takes a new id for every login without resume, as official clients do', () => {
    const session = new ConsensusSession(entropyOf(7n, 8n), { resume: false });
    session.beginRegister();
    session.bind(3n);
    session.nextRequestId();
    session.beginRegister();
    expect(session).toMatchObject({ clientId: 8n, currentRequestId: 1n, session: undefined });
  });

  test('never replaces an id that was chosen by the caller', () => {
    const session = new ConsensusSession(entropyOf(1n), { clientId: 5n });
    session.beginRegister();
    session.resetIdentity();
    session.beginRegister();
    expect(session.clientId).toBe(5n);
  });

  test('raises its counter above a watermark, and never lowers it', () => {
    const session = new ConsensusSession(entropyOf(7n));
    session.raiseAbove(9n);
    session.raiseAbove(2n);
    expect(session.currentRequestId).toBe(10n);
  });

  test('has an end of numbers', () => {
    const session = new ConsensusSession(entropyOf(7n));
    session.bind(1n);
    session.raiseAbove((1n << 63n) - 2n);
    expect(() => session.nextRequestId()).toThrow(
      expect.objectContaining({ code: 'SESSION_EXHAUSTED' }) as Error,
    );
  });
});
