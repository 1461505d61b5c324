import { expect, it } from 'vitest';
import { withCommand } from '../../../src/consensus/frame/prepare.js';
import { Command } from '../../../src/wire/index.js';
import { Cluster } from '../harness/cluster.js';
import { isQuiet, lose, TestSession } from '../harness/session.js';

/**
 * Op 6 was proposed by 0 in view 0 and given up; view 1 has another one, and 7. Replica 2 has neither, knows
 * what 7 is and asks for both; what comes instead is the old 6, which nothing tells from an answer.
 */
function lateAnswer(): Cluster {
  const cluster = new Cluster();
  const session = new TestSession(cluster).open();
  session.commit(4);
  cluster.run(60);
  cluster.filter(lose(['Prepare'], { from: 0 }));
  session.next();
  const superseded = cluster.replica(0).state.log.get(6)?.frame;
  if (superseded === undefined) throw new Error('nothing was proposed');
  cluster.crash(0);
  cluster.runUntil(() => cluster.primary === 1);
  cluster.heal();
  cluster.start(0);
  cluster.runUntil(() => cluster.replica(0).status.view === 1 && isQuiet(cluster));
  cluster.filter(lose(['Prepare', 'RepairPrepare'], { to: 2 }));
  cluster.filter(lose(['Commit']));
  session.request -= 1n;
  for (const op of [6, 7]) {
    session.next();
    cluster.runUntil(() => cluster.replica(1).status.commitMin === op);
  }
  cluster.heal();
  cluster.filter(lose(['Prepare', 'RepairPrepare'], { to: 2 }));
  cluster.filter(lose(['Commit'], { to: 0 }));
  cluster.runUntil(() => cluster.replica(2).status.isRepairing);
  cluster.inject(2, withCommand(superseded, Command.RepairPrepare));
  cluster.run(1);
  return cluster;
}

it('a late answer to an earlier repair counts for nothing in a vote', () => {
  const cluster = lateAnswer();
  cluster.crash(1);
  cluster.heal();
  cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 4000);

  expect(cluster.replica(2).status.commitMin).toBe(7);
});

it('nor after a restart', () => {
  const cluster = lateAnswer();
  cluster.crash(1);
  cluster.restart(2);
  cluster.heal();
  cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 4000);

  expect(cluster.replica(2).status.commitMin).toBe(7);
});

it('nor for what is repaired: the right entry is asked for again and takes its place', () => {
  const cluster = lateAnswer();
  expect(cluster.replica(2).status.head).toBe(5);
  cluster.heal();
  cluster.runUntil(() => isQuiet(cluster), 1000);

  expect(cluster.replica(2).status.commitMin).toBe(7);
});

it('entries of a repair that nothing confirms yet are taken with the prepare that continues them', () => {
  const cluster = new Cluster();
  const session = new TestSession(cluster).open();
  session.commit(2);
  cluster.run(60);
  const deaf = lose(['Prepare', 'RepairPrepare'], { to: 2 });
  cluster.filter(deaf);
  cluster.filter(lose(['Prepare'], { from: 2 }));
  session.commit(1, 0);
  cluster.runUntil(() => cluster.replica(2).status.isRepairing);
  cluster.heal();
  cluster.filter(lose(['Commit', 'Prepare'], { to: 2 }));
  cluster.filter(lose(['RequestPrepares'], { from: 2 }));
  session.commit(2, 0);
  const last = cluster.replica(0).state.log.get(6)?.frame;
  if (last === undefined) throw new Error('nothing was proposed');
  cluster.inject(2, last);
  expect(cluster.replica(2).status).toMatchObject({ head: 3, commitMax: 5 });
  cluster.heal();
  cluster.filter(lose(['Commit', 'Prepare'], { to: 2 }));
  cluster.runUntil(() => cluster.replica(2).state.staged.has(5), 300);
  expect(cluster.replica(2).status).toMatchObject({ head: 4, commitMin: 4 });
  cluster.inject(2, last);
  cluster.settle();

  expect(cluster.replica(2).status).toMatchObject({ head: 6, commitMin: 5 });
});
