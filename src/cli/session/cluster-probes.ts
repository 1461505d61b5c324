import { EvictionReason } from '../../wire/index.js';
import type { ProbeStep, ProbeTools } from './probe-types.js';
import type { ProbedCluster } from './probed-cluster.js';
import { asCached } from './request-probes.js';

const reply = { kind: 'reply' } as const;

/** The same mutation from a second connection while the backups stand still. */
export async function inFlight(
  tools: ProbeTools,
  cluster: ProbedCluster,
): Promise<readonly ProbeStep[]> {
  const first = await tools.session();
  const second = await tools.connect(first.clientId);
  await second.login();
  const frame = second.frame('create_stream', { name: tools.name(), options: [] }, 1n);
  const sent = { request: 1n, session: second.session };
  return await cluster.withBackupsPaused(async () => {
    second.link.send(frame);
    // Both arrive at the same node; the one that was sent first is in flight when this one comes.
    const answer = await first.link.ask(frame);
    const expected = [{ kind: 'rejected', code: 57 }] as const;
    return { steps: [{ sent, answer, expected }], last: () => second.link.next() };
  });
}

/** One client more than the table holds; the oldest finds its place again, and its reply. */
export async function capacity(
  tools: ProbeTools,
  tableSize: number,
): Promise<readonly ProbeStep[]> {
  const oldest = await tools.session();
  const frame = oldest.frame('create_stream', { name: tools.name(), options: [] }, 1n);
  const sent = { request: 1n, session: oldest.session };
  const first = await oldest.patiently(frame);
  for (let client = 0; client < tableSize; client++) await tools.session();
  const next = oldest.frame('create_stream', { name: tools.name(), options: [] }, 2n);
  const refused = await oldest.patiently(next);
  const back = await tools.connect(oldest.clientId);
  const registered = await back.login();
  const again = await back.patiently(frame);
  const evicted = { kind: 'evicted', code: EvictionReason.NoSession, reason: 'NoSession' } as const;
  return [
    { sent, answer: first, expected: [reply] },
    { sent: { ...sent, request: 2n }, answer: refused, expected: [evicted] },
    { sent: { request: 0n, session: 0n }, answer: registered, expected: [reply] },
    { sent, answer: asCached(first, again), expected: [{ kind: 'cached' }] },
  ];
}
