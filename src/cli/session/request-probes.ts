import { EvictionReason } from '../../wire/index.js';
import { type Expected, oursOr, type ProbeStep, type ProbeTools } from './probe-types.js';
import type { RawAnswer } from './raw-answer.js';
import type { RawSession } from './raw-session.js';

const evicted = (reason: keyof typeof EvictionReason): Expected => ({
  ...{ kind: 'evicted', code: EvictionReason[reason], reason },
});
const reply: Expected = { kind: 'reply' };
/** Partitions above what a topic may have: refused before it reaches the log. */
const tooManyPartitions = 1001;
/** More replies than a session keeps. */
const beyondRing = 70n;

type Step = Pick<ProbeStep, 'expected'> & { readonly number: bigint };

/** Sends a creation under a number and judges the answer. */
async function create(tools: ProbeTools, session: RawSession, step: Step): Promise<ProbeStep> {
  const { number, expected } = step;
  const request = { name: tools.name(), options: [] };
  const answer = await session.patiently(session.frame('create_stream', request, number));
  return { sent: { request: number, session: session.session }, answer, expected };
}

/** What `answer` is worth when it has to be the same bytes as `first`. */
export function asCached(first: RawAnswer, answer: RawAnswer): RawAnswer {
  const [a, b] = [first.frame, answer.frame];
  const isSame = a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
  return isSame ? { ...answer, kind: 'cached' } : answer;
}

/** The same mutation, number and bytes twice. */
export async function retransmit(tools: ProbeTools): Promise<readonly ProbeStep[]> {
  const session = await tools.session();
  const frame = session.frame('create_stream', { name: tools.name(), options: [] }, 1n);
  const sent = { request: 1n, session: session.session };
  const first = await session.patiently(frame);
  const second = await session.patiently(frame);
  return [
    { sent, answer: first, expected: [reply] },
    { sent, answer: asCached(first, second), expected: [{ kind: 'cached' }] },
  ];
}

/** A number far above the watermark. */
export async function jump(tools: ProbeTools): Promise<readonly ProbeStep[]> {
  const session = await tools.session();
  const first = await create(tools, session, { number: 1n, expected: [reply] });
  const expected = tools.policy === 'strict' ? [evicted('SessionError')] : [reply];
  return [first, await create(tools, session, { number: 6n, expected })];
}

/** A mutation that is denied before the log uses up a number; then comes the next one. */
export async function gap(tools: ProbeTools): Promise<readonly ProbeStep[]> {
  const session = await tools.session();
  const name = tools.name();
  const made = await session.patiently(session.frame('create_stream', { name, options: [] }, 1n));
  const topic = {
    ...{ stream_id: name, name: 'probe', partitions_count: tooManyPartitions },
    ...{ compression: 'none', message_expiry: 0n, max_topic_size: 0n, options: [] },
  };
  const denied = await session.patiently(session.frame('create_topic', topic as never, 2n));
  const sent = (request: bigint) => ({ request, session: session.session });
  const steps: ProbeStep[] = [
    { sent: sent(1n), answer: made, expected: [reply] },
    { sent: sent(2n), answer: denied, expected: [{ kind: 'rejected' }] },
  ];
  if (tools.policy !== 'strict') {
    return [...steps, await create(tools, session, { number: 3n, expected: [reply] })];
  }
  // After the eviction a new login works, and so does the number that is really next.
  const again = await tools.connect(session.clientId);
  const next = await create(tools, session, { number: 3n, expected: [evicted('SessionError')] });
  await again.login();
  const after = await create(tools, again, { number: 2n, expected: [reply] });
  return [...steps, after, next];
}

/** A number below the watermark whose reply is not kept: never used, or pushed out of the ring. */
export async function aged(tools: ProbeTools): Promise<readonly ProbeStep[]> {
  const session = await tools.session();
  const expected: readonly Expected[] = [{ kind: 'already_applied', code: 59 }];
  if (tools.policy !== 'strict') {
    const first = await create(tools, session, { number: 1n, expected: [reply] });
    const later = await create(tools, session, { number: 10n, expected: [reply] });
    return [first, later, await create(tools, session, { number: 5n, expected })];
  }
  // Numbers cannot be left out here, so the reply has to leave the ring.
  const name = tools.name();
  const frame = session.frame('create_stream', { name, options: [] }, 1n);
  await session.patiently(frame);
  for (let number = 2n; number <= beyondRing; number++) {
    const purge = { stream_id: name };
    await session.patiently(session.frame('purge_stream', purge as never, number));
  }
  const answer = await session.patiently(frame);
  return [{ sent: { request: 1n, session: session.session }, answer, expected }];
}

/** The same number with other bytes, both stamped. */
export async function reuse(tools: ProbeTools): Promise<readonly ProbeStep[]> {
  const session = await tools.session();
  const first = await create(tools, session, { number: 1n, expected: [reply] });
  const expected = oursOr(tools, { kind: 'rejected', code: 3 }, { kind: 'silence' });
  return [first, await create(tools, session, { number: 1n, expected })];
}

/** A session number that no login has given. */
export async function futureSession(tools: ProbeTools): Promise<readonly ProbeStep[]> {
  const session = await tools.session();
  const claimed = session.session + 1_000_000n;
  const request = { name: tools.name(), options: [] };
  const answer = await session.patiently(session.frame('create_stream', request, 1n, claimed));
  return [{ sent: { request: 1n, session: claimed }, answer, expected: [reply] }];
}
