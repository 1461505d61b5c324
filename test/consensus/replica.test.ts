import { expect, it } from 'vitest';
import { quorums } from '../../src/consensus/index.js';
import { Cluster } from './harness/cluster.js';
import { TestSession } from './harness/session.js';

it('stops when the state machine throws, and lets nothing of that step out', () => {
  const cluster = new Cluster();
  cluster.checks = false;
  const session = new TestSession(cluster).open();
  cluster.node(0).machine.apply = () => {
    throw new Error('broken');
  };
  const token = session.next(0);

  expect(cluster.node(0).halted).toBe('divergence');
  expect(cluster.outcome(token)).toBeUndefined();
});

it('does nothing any more after it stopped', () => {
  const cluster = new Cluster();
  const replica = cluster.replica(0);
  replica.step({ kind: 'journal-done', write: 99, result: 'ok' });
  Object.assign(replica.state, { halted: true });

  expect(replica.step({ kind: 'tick', now: 1 })).toEqual([]);
  expect(replica.status.isHalted).toBe(true);
});

it('shows a live view of itself', () => {
  const cluster = new Cluster();
  const { status } = cluster.replica(0);
  expect(status).toMatchObject({
    replica: 0,
    replicaCount: 3,
    group: 1n << 63n,
    status: 'normal',
    view: 0,
    primary: 0,
    isActingPrimary: true,
    isCaughtUp: true,
    head: 0,
    isFenced: false,
  });
  new TestSession(cluster).open();

  expect(status).toMatchObject({ head: 1, commitMin: 1, commitMax: 1, pipelineLength: 0 });
  expect(cluster.replica(0).session(5n)).toMatchObject({ epoch: 1, userId: 1 });
  expect(quorums(status.replicaCount).replication).toBe(2);
});

it('writes a first record, so that a restart knows that it lived', () => {
  const cluster = new Cluster();
  cluster.run(1);

  expect(cluster.node(2).disk.superblock).toMatchObject({ view: 0, logView: 0, commitMax: 0 });
});

it('refuses a configuration that is out of range', () => {
  expect(() => new Cluster({ replicaCount: 33 })).toThrow(
    expect.objectContaining({ code: 'CONSENSUS_CONFIG_INVALID' }),
  );
});
