import { describe, expect, it } from 'vitest';
import { tryGetU64Number } from '../../../src/base/index.js';
import { prepareOkAt } from '../../../src/consensus/frame/layout.js';
import { Command } from '../../../src/wire/index.js';
import { Cluster, type FrameFilter } from '../harness/cluster.js';
import { isQuiet, lose, TestSession } from '../harness/session.js';

/** A cluster with some committed history, known to all. */
function started(requests = 3, options = {}): { cluster: Cluster; session: TestSession } {
  const cluster = new Cluster(options);
  const session = new TestSession(cluster).open();
  session.commit(requests);
  cluster.run(60);
  return { cluster, session };
}

/** Loses the acknowledgements of one op. */
function loseAcks(op: number): FrameFilter {
  return ({ frame }) =>
    frame[60] !== Command.PrepareOk || tryGetU64Number(frame, prepareOkAt.op) !== op;
}

describe('view changes', () => {
  it('elect the next replica when the primary dies, with every committed operation', () => {
    const { cluster, session } = started();
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary === 1, 700);

    expect(cluster.replica(1).status).toMatchObject({ view: 1, logView: 1, commitMin: 4 });
    session.commit(2);
    cluster.run(60);
    expect(isQuiet(cluster)).toBe(true);
  });

  it('03-S01 fetch a committed op that the next primary has lost', () => {
    const { cluster, session } = started();
    cluster.filter(lose(['Prepare'], { to: 1 }));
    cluster.filter(lose(['RequestPrepares'], { from: 1 }));
    cluster.filter(lose(['Prepare'], { from: 0, to: 2 }));
    session.next();
    cluster.heal();
    cluster.filter(lose(['RequestPrepares'], { from: 1 }));
    cluster.filter(lose(['Prepare'], { to: 1 }));
    cluster.runUntil(() => cluster.replica(0).status.commitMin === 5);
    cluster.crash(0);
    cluster.heal();
    cluster.runUntil(() => cluster.primary >= 0, 3000);

    expect(cluster.replica(cluster.primary).status.head).toBeGreaterThanOrEqual(5);
    cluster.runUntil(() => isQuiet(cluster));
    expect(cluster.replica(1).status.commitMin).toBeGreaterThanOrEqual(5);
  });

  it('03-S03 keep the old log view while the merged log is only parked', () => {
    const { cluster, session } = started();
    // Op 5 is on 0 and 2; 1 is elected and cannot get its body.
    cluster.filter(lose(['Prepare'], { to: 1 }));
    session.next();
    cluster.run(30);
    cluster.filter(lose(['RequestPrepares', 'RepairPrepare']));
    cluster.crash(0);
    cluster.runUntil(() => cluster.replica(1).state.merged !== undefined, 1500);
    expect(cluster.replica(1).status).toMatchObject({ status: 'view-change', logView: 0 });
    cluster.restart(1);
    expect(cluster.replica(1).status.logView).toBe(0);
    cluster.heal();
    cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 4000);

    expect(cluster.replica(cluster.primary).status.head).toBe(5);
  });

  it('apply nothing of an older view while the merged log is only parked', () => {
    const { cluster, session } = started();
    // Op 5 of view 0 is on replica 0 alone; view 1 commits others in its place.
    cluster.cut(0, 1);
    cluster.cut(0, 2);
    session.next(0);
    cluster.runUntil(() => cluster.primary === 1, 2000);
    new TestSession(cluster, 9n).open(1);
    cluster.run(60);
    expect(cluster.replica(1).status.commitMin).toBeGreaterThan(4);
    expect(cluster.replica(0).state.log.has(5)).toBe(true);
    // Replica 0 is elected before it saw any of that, and cannot fetch what the merge names.
    cluster.crash(1);
    cluster.heal();
    cluster.filter(lose(['StartView', 'RequestPrepares', 'RepairPrepare']));
    cluster.filter(lose(['DoViewChange'], { to: 2 }));
    cluster.runUntil(() => cluster.replica(0).state.merged !== undefined, 8000);
    cluster.run(20);

    expect(cluster.replica(0).status).toMatchObject({ logView: 0, commitMin: 4, commitMax: 4 });
    cluster.heal();
    cluster.runUntil(() => isQuiet(cluster), 6000);
    expect(cluster.replica(0).status.commitMin).toBeGreaterThan(4);
  });

  it('03-S05 vote with a commit point that is not above the head', () => {
    const { cluster, session } = started();
    cluster.filter(lose(['Prepare', 'RepairPrepare'], { to: 2 }));
    session.commit(3);
    cluster.run(60);
    expect(cluster.replica(2).status).toMatchObject({ head: 4, commitMax: 7 });
    const votes: Uint8Array[] = [];
    cluster.filter(({ from, frame }) => {
      if (frame[60] === Command.DoViewChange && from === 2) votes.push(frame);
      return true;
    });
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary === 1, 2000);

    const view = new DataView(votes[0]?.buffer ?? new ArrayBuffer(0), votes[0]?.byteOffset);
    expect(view.getBigUint64(128, true)).toBe(4n);
    expect(view.getBigUint64(136, true)).toBe(4n);
    cluster.heal();
    cluster.runUntil(() => isQuiet(cluster));
  });

  it('03-S11 commit an inherited operation with the acknowledgement of one backup', () => {
    const { cluster, session } = started();
    cluster.filter(lose(['PrepareOk'], { to: 0 }));
    const token = session.next();
    cluster.run(30);
    expect(cluster.outcome(token)).toBeUndefined();
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary === 1, 1000);
    cluster.runUntil(() => cluster.replica(1).status.commitMin === 5, 200);

    expect(session.again()).toBeGreaterThan(0);
    expect(cluster.outcome(session.again())?.kind).toBe('duplicate');
  });

  it('commit what waited with its quorum when a backup tells that the op below is committed', () => {
    const cluster = new Cluster({ replicaCount: 5 });
    const sessions = [5n, 6n].map((client) => new TestSession(cluster, client).open());
    cluster.run(60);
    // Ops 3 and 4 are everywhere; that 3 is committed is known to 0 and 4 only.
    cluster.filter(lose(['PrepareOk']));
    for (const session of sessions) session.next();
    cluster.heal();
    cluster.filter(loseAcks(4));
    for (const to of [1, 2, 3]) cluster.filter(lose(['Commit'], { to }));
    cluster.runUntil(() => cluster.replica(4).status.commitMin === 3, 200);
    expect(cluster.replica(1).status).toMatchObject({ head: 4, commitMax: 2 });
    cluster.crash(0);
    cluster.heal();
    cluster.filter(loseAcks(3));
    cluster.filter(lose(['DoViewChange', 'PrepareOk', 'Pong'], { from: 4 }));
    cluster.runUntil(() => cluster.replica(1).state.pipeline.at(4)?.hasQuorum === true, 1000);
    expect(cluster.replica(1).status).toMatchObject({ isActingPrimary: true, commitMax: 2 });
    cluster.heal();
    cluster.filter(loseAcks(3));
    cluster.runUntil(() => isQuiet(cluster), 200);

    expect(cluster.replica(1).status).toMatchObject({ view: 1, commitMin: 4 });
  });

  it('03-S10 sweep relics above the adopted head', () => {
    const { cluster, session } = started();
    cluster.cut(0, 1);
    cluster.cut(0, 2);
    const lost = session.next(0);
    cluster.run(1200);
    expect(cluster.outcome(lost)).toEqual({ kind: 'refused', code: 57 });
    expect(cluster.primary).toBe(1);
    cluster.heal();
    cluster.runUntil(() => cluster.replica(0).status.status === 'normal', 2000);

    expect(cluster.replica(0).status.head).toBe(4);
    expect(cluster.replica(0).state.log.has(5)).toBe(false);
    session.commit(1);
    cluster.run(60);
    expect(isQuiet(cluster)).toBe(true);
  });

  it('03-S12 refuse a log wider than the own pipeline, and let another one lead', () => {
    const cluster = new Cluster({
      limits: { pipelineDepth: 32 },
      limitsOf: (index) => (index === 1 ? { pipelineDepth: 8 } : {}),
    });
    const sessions = Array.from({ length: 20 }, (_, i) => new TestSession(cluster, BigInt(i + 1)));
    for (const session of sessions) session.open(0);
    cluster.run(60);
    cluster.filter(lose(['PrepareOk'], { to: 0 }));
    for (const session of sessions) session.next(0);
    cluster.run(60);
    expect(cluster.replica(0).status).toMatchObject({ head: 40, commitMin: 20 });
    cluster.crash(0);
    cluster.heal();
    cluster.runUntil(() => cluster.primary === 2, 4000);

    expect(cluster.replica(1).counters.alarms.get('merge_too_wide')).toBeGreaterThan(0);
    cluster.runUntil(() => isQuiet(cluster), 1000);
    expect(cluster.replica(2).status.commitMin).toBe(40);
  });

  it('03-S17 ask again for a lost StartView instead of electing once more', () => {
    const { cluster } = started();
    cluster.filter(lose(['StartView'], { to: 2 }));
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary === 1, 1000);
    expect(cluster.replica(2).status.status).toBe('view-change');
    cluster.heal();
    cluster.runUntil(() => cluster.replica(2).status.status === 'normal', 150);

    expect(cluster.replica(2).status.view).toBe(1);
  });

  it('03-S22 fill a hole below the head and acknowledge it', () => {
    const { cluster, session } = started();
    // Op 5 reaches 1 only; nobody commits it.
    cluster.filter(lose(['Prepare'], { to: 2 }));
    cluster.filter(lose(['PrepareOk'], { to: 0 }));
    session.next();
    cluster.run(20);
    cluster.crash(0);
    cluster.heal();
    cluster.runUntil(() => cluster.primary === 1, 1000);
    cluster.runUntil(() => cluster.replica(1).status.commitMin === 5, 300);

    cluster.runUntil(() => isQuiet(cluster), 300);
    expect(cluster.replica(2).status.head).toBe(5);
  });

  it('03-S23 never lower the head for a delayed StartView of the same view', () => {
    const { cluster, session } = started();
    const announced: Uint8Array[] = [];
    cluster.filter(({ to, frame }) => {
      if (frame[60] === Command.StartView && to === 2) announced.push(frame);
      return true;
    });
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary === 1, 1000);
    cluster.run(5);
    session.commit(2);
    const before = cluster.replica(2).status.head;
    const [first] = announced;
    if (first === undefined) throw new Error('no StartView seen');
    cluster.inject(2, first);

    expect(before).toBe(6);
    expect(cluster.replica(2).status.head).toBe(6);
    expect(cluster.replica(2).state.log.has(6)).toBe(true);
  });

  it('03-S24 follow a new primary whose heartbeat counter starts anew', () => {
    const { cluster } = started();
    cluster.run(1000);
    const counter = cluster.replica(2).state.heartbeatCounter;
    expect(counter).toBeGreaterThan(10);
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary === 1, 1000);
    cluster.run(60);
    expect(cluster.replica(2).state.heartbeatCounter).toBeLessThan(counter);
    cluster.run(1000);

    expect(cluster.replica(2).status.view).toBe(1);
  });

  it('03-S25 repair what a dropped prepare made known', () => {
    const { cluster, session } = started();
    const lost = (frame: Uint8Array, op: bigint) =>
      frame[60] === Command.Prepare &&
      new DataView(frame.buffer, frame.byteOffset).getBigUint64(176, true) === op;
    cluster.filter(({ to, frame }) => to !== 2 || !lost(frame, 5n));
    session.commit(2);
    expect(cluster.replica(2).status).toMatchObject({ head: 4, commitMin: 4 });
    expect(cluster.replica(2).status.commitMax).toBe(5);
    cluster.run(120);

    expect(isQuiet(cluster)).toBe(true);
  });

  it('03-S80 a deaf primary cedes although nothing is pending', () => {
    const { cluster, session } = started();
    cluster.cutOneWay(1, 0);
    cluster.cutOneWay(2, 0);
    cluster.runUntil(() => cluster.primary > 0, 2000);

    expect(cluster.replica(0).status.isActingPrimary).toBe(false);
    session.commit(1);
  });

  it('03-S81 a deaf backup causes at most one view change', () => {
    const { cluster } = started();
    cluster.cutOneWay(0, 2);
    cluster.cutOneWay(1, 2);
    cluster.run(4000);
    const { view } = cluster.replica(cluster.primary).status;

    expect(view).toBeLessThanOrEqual(1);
  });

  it('step down on request hands the lead to the next replica at once', () => {
    const { cluster, session } = started();
    cluster.step(0, { kind: 'step-down', now: cluster.clock });
    cluster.runUntil(() => cluster.primary === 1, 100);

    session.commit(1);
    cluster.run(60);
    expect(isQuiet(cluster)).toBe(true);
  });
});
