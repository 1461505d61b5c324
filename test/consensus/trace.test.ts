import { expect, it } from 'vitest';
import { Cluster } from './harness/cluster.js';
import { TestSession } from './harness/session.js';

function traced(): Cluster {
  const cluster = new Cluster({ tracing: true });
  new TestSession(cluster).open().commit(1);
  cluster.crash(0);
  cluster.runUntil(() => cluster.primary === 1, 1500);
  return cluster;
}

it('names every step of an operation and of an election, with the context of its replica', () => {
  const { traces } = traced();
  const names = new Set(traces.map(({ event }) => event.name));

  expect([...names].sort()).toEqual(
    expect.arrayContaining([
      'ClientReplyEmitted',
      'ClientRequestReceived',
      'ClientTableVerdict',
      'ControlMessageScheduled',
      'OperationCommitted',
      'PrepareAcked',
      'PrepareQueued',
      'PrimaryElected',
      'ReplicaStateChanged',
      'ViewChangeStarted',
    ]),
  );
  const acked = traces.find(({ event }) => event.name === 'PrepareAcked');
  expect(acked?.event.fields).toMatchObject({
    plane: 'metadata',
    cluster: 7n,
    replica: 0,
    group: 1n << 63n,
    view: 0,
    log_view: 0,
    commit_max: 0,
    status: 'normal',
    role: 'primary',
    op: 1,
    acking_replica: 0,
    ack_count: 1,
    quorum: 2,
    quorum_reached: false,
  });
});

it('tells every decision of the client table', () => {
  const { traces } = traced();
  const verdicts = traces
    .filter(({ event, node }) => event.name === 'ClientTableVerdict' && node === 0)
    .map(({ event }) => event.fields['verdict']);

  expect(verdicts).toEqual(['New', 'New']);
});

it('builds no events while nobody listens', () => {
  const cluster = new Cluster();
  new TestSession(cluster).open().commit(3);
  expect(cluster.traces).toEqual([]);
  cluster.replica(0).setTracing(true);
  cluster.register(0, 9n);
  cluster.settle();

  expect(cluster.traces.length).toBeGreaterThan(0);
});
