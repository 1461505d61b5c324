import { describe, expect, it } from 'vitest';
import type { ProbeTools } from '../../../src/cli/session/probe-types.js';
import { isExpected } from '../../../src/cli/session/probe-types.js';
import type { RawSession } from '../../../src/cli/session/raw-session.js';
import { staleSession } from '../../../src/cli/session/session-probes.js';
import { EvictionReason } from '../../../src/wire/index.js';

/** Tools whose connections answer a mutation with an eviction. */
function toolsThatEvict(reason: keyof typeof EvictionReason, isOurs: boolean): ProbeTools {
  const answer = { kind: 'evicted', code: EvictionReason[reason], reason } as const;
  const session: Partial<RawSession> = {
    clientId: 7n,
    session: 9n,
    frame: () => new Uint8Array(256),
    login: () => Promise.resolve({ kind: 'reply' } as never),
    patiently: () => Promise.resolve(answer as never),
  };
  const connect = () => Promise.resolve(session as RawSession);
  return { session: connect, connect, name: () => 'probe', policy: null, isOurs };
}

describe('probe of a session that another connection took over', () => {
  it.each([
    ['SessionTooLow', true, true],
    ['NoSession', true, false],
    ['SessionTooLow', false, true],
    ['NoSession', false, true],
    ['SessionError', false, false],
  ] as const)('%s of a server of ours: %s, is right: %s', async (reason, isOurs, isRight) => {
    const [step] = await staleSession(toolsThatEvict(reason, isOurs));
    expect(step !== undefined && isExpected(step.answer, step.expected)).toBe(isRight);
  });
});
