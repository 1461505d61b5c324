import { describe, expect, it } from 'vitest';
import { Command } from '../../../src/wire/index.js';
import { Cluster } from '../harness/cluster.js';
import { lose, TestSession } from '../harness/session.js';

function started(replicaCount = 3): { cluster: Cluster; session: TestSession } {
  const cluster = new Cluster({ replicaCount });
  const session = new TestSession(cluster).open();
  session.commit(3);
  cluster.run(60);
  return { cluster, session };
}

describe('linearizable reads', () => {
  it('are confirmed by a round that began after they arrived', () => {
    const { cluster } = started();
    const token = cluster.read(0);
    expect(cluster.readOutcomes.has(token)).toBe(false);
    cluster.settle();

    expect(cluster.readOutcomes.get(token)).toBe(0);
  });

  it('need no round in a cluster of one', () => {
    const { cluster } = started(1);

    expect(cluster.readOutcomes.get(cluster.read(0))).toBe(0);
  });

  it('are refused where the replica does not lead', () => {
    const { cluster } = started();

    expect(cluster.readOutcomes.get(cluster.read(1))).toBe(58);
  });

  it('do not count answers to an earlier heartbeat', () => {
    const { cluster } = started();
    const answers: Uint8Array[] = [];
    cluster.filter(({ from, frame }) => {
      if (frame[60] !== Command.Pong) return true;
      answers.push(frame);
      return from < 0;
    });
    cluster.run(60);
    const token = cluster.read(0);
    cluster.settle();
    const [old] = answers;
    if (old === undefined) throw new Error('no answer');
    cluster.inject(0, old);
    expect(cluster.readOutcomes.has(token)).toBe(false);
    cluster.inject(0, answers.at(-1) ?? old);

    expect(cluster.readOutcomes.get(token)).toBe(0);
  });

  it('that come while a round is under way share the next one', () => {
    const { cluster } = started();
    const before = cluster.replica(0).state.heartbeatCounter;
    const tokens = [1, 2, 3, 4].map(() => cluster.read(0));
    cluster.settle();

    expect(tokens.map((token) => cluster.readOutcomes.get(token))).toEqual([0, 0, 0, 0]);
    expect(cluster.replica(0).state.heartbeatCounter - before).toBe(2);
  });

  it('are refused when no quorum answers within a heartbeat window', () => {
    const { cluster } = started();
    cluster.cutOneWay(1, 0);
    cluster.cutOneWay(2, 0);
    const token = cluster.read(0);
    cluster.run(520);

    expect([57, 58]).toContain(cluster.readOutcomes.get(token));
  });

  it('are refused with 58 when the view changes under them', () => {
    const { cluster } = started();
    cluster.filter(lose(['Pong']));
    const token = cluster.read(0);
    cluster.step(0, { kind: 'step-down', now: cluster.clock });

    expect(cluster.readOutcomes.get(token)).toBe(58);
  });

  it('03-S82 07-S6 on a fresh primary wait for what the old one had acknowledged', () => {
    const { cluster, session } = started();
    // 0 commits op 5 and dies before anybody hears of the commit.
    cluster.filter(lose(['Commit']));
    const token = session.next(0);
    expect(cluster.outcome(token)?.kind).toBe('committed');
    cluster.crash(0);
    cluster.heal();
    cluster.filter(lose(['PrepareOk']));
    cluster.runUntil(() => cluster.primary === 1, 1500);
    expect(cluster.replica(1).status).toMatchObject({ commitMin: 4, head: 5 });
    const read = cluster.read(1);
    cluster.run(5);
    expect(cluster.readOutcomes.has(read)).toBe(false);
    cluster.heal();
    cluster.run(100);

    expect(cluster.readOutcomes.get(read)).toBe(0);
    expect(cluster.replica(1).status.commitMin).toBe(5);
  });
});
