import { EvictionReason } from '../../wire/index.js';
import type { FoundCredentials } from '../connect/credentials.js';
import { loginFrame } from './login-frame.js';
import { oursOr, type ProbeStep, type ProbeTools } from './probe-types.js';
import type { RawSession } from './raw-session.js';

const reply = { kind: 'reply' } as const;
const evicted = (reason: keyof typeof EvictionReason) =>
  ({ kind: 'evicted', code: EvictionReason[reason], reason }) as const;

function creation(tools: ProbeTools, session: RawSession, number = 1n): Uint8Array {
  return session.frame('create_stream', { name: tools.name(), options: [] }, number);
}

/** A second connection takes the identity over; the first one sends a mutation. */
export async function staleSession(tools: ProbeTools): Promise<readonly ProbeStep[]> {
  const first = await tools.session();
  const second = await tools.connect(first.clientId);
  await second.login();
  const answer = await first.patiently(creation(tools, first));
  const sent = { request: 1n, session: first.session };
  // An official node forgets the first connection when it holds both, and fences it otherwise.
  const expected = [evicted('SessionTooLow'), ...(tools.isOurs ? [] : [evicted('NoSession')])];
  return [{ sent, answer, expected }];
}

/** A live identity and session on a connection that never logged in. */
export async function noSession(tools: ProbeTools): Promise<readonly ProbeStep[]> {
  const owner = await tools.session();
  const stranger = await tools.connect(owner.clientId);
  stranger.session = owner.session;
  const answer = await stranger.patiently(creation(tools, stranger));
  const sent = { request: 1n, session: owner.session };
  return [{ sent, answer, expected: [evicted('NoSession')] }];
}

/** A login whose reply is lost, then again from a new connection: never silence. */
export async function duplicateRegister(
  tools: ProbeTools,
  credentials: FoundCredentials,
): Promise<readonly ProbeStep[]> {
  const lost = await tools.connect();
  lost.link.send(loginFrame(credentials, lost.clientId));
  lost.close();
  const again = await tools.connect(lost.clientId);
  const first = await again.login();
  const before = again.session;
  const third = await tools.connect(lost.clientId);
  const second = await third.login();
  const isHigher = third.session > before;
  const sent = { request: 0n, session: 0n };
  return [
    { sent, answer: first, expected: [reply] },
    {
      sent,
      answer: isHigher ? second : { ...second, kind: 'rejected', reason: 'no higher session' },
      expected: [reply],
    },
  ];
}

/** A Register frame that names a session. */
export async function badRegister(
  tools: ProbeTools,
  credentials: FoundCredentials,
): Promise<readonly ProbeStep[]> {
  const session = await tools.connect();
  const answer = await session.link.ask(loginFrame(credentials, session.clientId, 1n));
  const expected = oursOr(tools, { kind: 'rejected', code: 3 }, { kind: 'silence' });
  return [{ sent: { request: 0n, session: 1n }, answer, expected }];
}

/** Logout, then Logout again without a session. */
export async function logoutTwice(tools: ProbeTools): Promise<readonly ProbeStep[]> {
  const session = await tools.session();
  const frame = session.logoutFrame(1n);
  const sent = { request: 1n, session: session.session };
  const first = await session.patiently(frame);
  const second = await session.patiently(frame);
  return [
    { sent, answer: first, expected: [reply] },
    { sent, answer: second, expected: [reply] },
  ];
}
