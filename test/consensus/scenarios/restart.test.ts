import { describe, expect, it } from 'vitest';
import { Command } from '../../../src/wire/index.js';
import { Cluster } from '../harness/cluster.js';
import { isQuiet, lose, TestSession } from '../harness/session.js';

function started(requests = 3, options = {}): { cluster: Cluster; session: TestSession } {
  const cluster = new Cluster(options);
  const session = new TestSession(cluster).open();
  session.commit(requests);
  cluster.run(60);
  return { cluster, session };
}

describe('restarts', () => {
  it('03-S13 a voter comes back in the view it voted in', () => {
    const { cluster } = started();
    cluster.crash(0);
    cluster.runUntil(() => cluster.replica(2).status.view === 1, 1000);
    cluster.restart(2);

    expect(cluster.replica(2).status).toMatchObject({ view: 1, status: 'recovering' });
    cluster.runUntil(() => cluster.primary === 1 && isQuiet(cluster), 4000);
  });

  it('03-S14 a survivor that cannot write its superblock is invisible, and retries rarely', () => {
    const { cluster, session } = started();
    const { disk } = cluster.node(2);
    disk.faults.set('superblock-write', 'fail');
    const writes = disk.superblockWrites;
    cluster.crash(0);
    cluster.run(1300);

    expect(cluster.primary).toBe(-1);
    expect(cluster.replica(2).status.view).toBeGreaterThan(0);
    expect(disk.superblockWrites - writes).toBeLessThanOrEqual(40);
    disk.faults.clear();
    cluster.runUntil(() => cluster.primary > 0, 2000);
    session.next();
    cluster.runUntil(() => isQuiet(cluster) && cluster.replica(2).status.commitMin === 5, 200);
  });

  it('stops the metadata replica whose superblock cannot be written for two minutes', () => {
    const { cluster } = started();
    cluster.node(2).disk.faults.set('superblock-write', 'fail');
    cluster.crash(0);
    cluster.run(13_000);

    expect(cluster.node(2).halted).toBe('superblock_wedged');
  });

  it('03-S16 a restarted primary never resumes by itself', () => {
    const { cluster, session } = started();
    cluster.restart(0);
    expect(cluster.replica(0).status).toMatchObject({ status: 'recovering', hasCeded: true });
    cluster.runUntil(() => cluster.primary > 0, 300);

    expect(cluster.replica(0).status.isActingPrimary).toBe(false);
    cluster.runUntil(() => isQuiet(cluster) && cluster.replica(0).status.status === 'normal', 300);
    session.commit(1);
  });

  it('03-S18 answers to two probers go to each alone', () => {
    const { cluster } = started(3, { replicaCount: 5 });
    const answers: { to: number; nonce: bigint }[] = [];
    cluster.filter(({ to, frame }) => {
      if (frame[60] === Command.StartView) {
        const view = new DataView(frame.buffer, frame.byteOffset);
        answers.push({ to, nonce: view.getBigUint64(248, true) });
      }
      return true;
    });
    cluster.restart(3);
    cluster.restart(4);
    cluster.runUntil(() => cluster.replica(3).status.status === 'normal', 300);
    cluster.runUntil(() => cluster.replica(4).status.status === 'normal', 300);

    const boots = [3, 4].map((index) => cluster.replica(index).state.bootIncarnation);
    expect(answers).toEqual([
      { to: 3, nonce: boots[0] },
      { to: 4, nonce: boots[1] },
    ]);
  });

  it('03-S19 a stale probe of view minus n elects nobody', () => {
    const { cluster } = started();
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary === 1, 1000);
    cluster.start(0);
    cluster.runUntil(() => cluster.replica(0).status.status === 'normal', 1000);
    for (const view of [2, 3, 4]) {
      cluster.runUntil(() => cluster.primary >= 0, 3000);
      cluster.step(cluster.primary, { kind: 'step-down', now: cluster.clock });
      cluster.runUntil(() => cluster.replica(0).status.view === view && cluster.primary >= 0, 3000);
    }
    const probes: Uint8Array[] = [];
    cluster.filter(({ from, frame }) => {
      if (frame[60] === Command.RequestStartView && from === 1) probes.push(frame.slice());
      return true;
    });
    cluster.restart(1);
    cluster.runUntil(() => probes.length > 0, 300);
    const stale = probes[0];
    if (stale === undefined) throw new Error('no probe');
    cluster.runUntil(() => cluster.replica(1).status.status === 'normal', 2000);
    const { view } = cluster.replica(0).status;
    cluster.inject(0, stale);
    cluster.inject(2, stale);

    expect(cluster.replica(0).status.view).toBe(view);
    expect(cluster.replica(2).status.view).toBe(view);
  });

  it('03-S20 a log longer than the announced head is cut to it', () => {
    const { cluster } = started();
    cluster.crash(2);
    const extra = cluster.node(2).disk;
    const last = extra.journal.at(-1);
    if (last === undefined) throw new Error('no entry');
    cluster.filter(lose(['Prepare'], { from: 0, to: 1 }));
    cluster.start(2);
    cluster.heal();
    cluster.runUntil(() => cluster.replica(2).status.status === 'normal', 300);

    expect(cluster.replica(2).status.head).toBe(4);
  });

  it('03-S26 after a restart of all, everything acknowledged is there', () => {
    const { cluster, session } = started(10);
    for (const index of [0, 1, 2]) cluster.crash(index);
    for (const index of [0, 1, 2]) cluster.start(index);
    cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 3000);

    expect(cluster.replica(cluster.primary).status.commitMin).toBe(11);
    expect(cluster.outcome(session.again())?.kind).toBe('duplicate');
    session.commit(1);
  });

  it('03-S71 a barrier above a discarded suffix does not outlive the adoption', () => {
    const { cluster, session } = started();
    cluster.filter(lose(['Prepare']));
    session.next();
    cluster.run(5);
    cluster.crash(0);
    cluster.heal();
    cluster.runUntil(() => cluster.primary === 1, 1000);
    cluster.start(0);
    expect(cluster.replica(0).status.recoveryBarrier).toBe(5);
    cluster.runUntil(() => cluster.replica(0).status.status === 'normal', 1000);
    expect(cluster.replica(0).status.recoveryBarrier).toBe(0);
    cluster.crash(1);
    cluster.runUntil(() => cluster.primary >= 0, 3000);

    const leader = cluster.primary;
    expect(cluster.replica(leader).status.isCaughtUp).toBe(true);
    session.again();
    expect(cluster.outcome(session.again(leader))?.kind).toMatch(/committed|duplicate/);
  });

  it('03-S21 a superseded entry is never applied after its primary comes back', () => {
    for (const restarts of [false, true]) {
      const { cluster, session } = started();
      cluster.isolate(0);
      session.next(0);
      const stale = cluster.replica(0).state.log.get(5)?.checksum;
      cluster.runUntil(() => cluster.primary === 1, 1000);
      const other = new TestSession(cluster, 77n).open(1);
      other.commit(3, 1);
      cluster.heal();
      if (restarts) cluster.restart(0);
      cluster.runUntil(() => isQuiet(cluster) && cluster.replica(0).status.commitMin >= 8, 3000);

      expect(cluster.history.applied.get(5)).not.toBe(stale);
      expect(cluster.replica(0).state.log.get(5)?.checksum).toBe(
        cluster.replica(1).state.log.get(5)?.checksum,
      );
    }
  });

  it('03-S70 a lagging elect fetches the canonical entries before it starts', () => {
    const { cluster, session } = started(0, { replicaCount: 3 });
    session.commit(4);
    cluster.run(60);
    // Replica 1 gets superseded entries as primary of view 1, alone.
    cluster.step(0, { kind: 'step-down', now: cluster.clock });
    cluster.runUntil(() => cluster.primary === 1, 300);
    cluster.run(60);
    cluster.isolate(1);
    session.next(1);
    const other = new TestSession(cluster, 9n);
    cluster.runUntil(() => cluster.primary === 2, 1500);
    other.open(2);
    other.commit(4, 2);
    cluster.run(60);
    cluster.heal();
    cluster.filter(lose(['RequestPrepares', 'StartView', 'StateTransferTarget'], { from: 1 }));
    cluster.filter(lose(['Prepare', 'RepairPrepare'], { to: 1 }));
    cluster.run(30);
    cluster.crash(2);
    cluster.heal();
    cluster.runUntil(() => cluster.primary >= 0, 4000);
    cluster.runUntil(() => isQuiet(cluster), 3000);

    expect(cluster.replica(1).status.commitMin).toBeGreaterThanOrEqual(10);
    other.commit(1);
  });

  it('03-S74 a prepare of an old view with a flipped view is refused', () => {
    const { cluster, session } = started();
    cluster.isolate(0);
    session.next(0);
    const stale = cluster.replica(0).state.log.get(5)?.frame.slice();
    if (stale === undefined) throw new Error('no entry');
    cluster.runUntil(() => cluster.primary === 1, 1000);
    new DataView(stale.buffer, stale.byteOffset).setUint32(52, 1, true);
    cluster.inject(2, stale);
    expect(cluster.replica(2).counters.ignored.get('provenance')).toBe(1);
    expect(cluster.replica(2).status.head).toBe(4);

    new DataView(stale.buffer, stale.byteOffset).setUint32(52, 0x8000_0001, true);
    cluster.inject(2, stale);
    cluster.inject(1, stale);
    cluster.runUntil(() => cluster.primary >= 0 && cluster.tick > 2500, 3000);
    expect(cluster.replica(cluster.primary).status.view).toBeLessThanOrEqual(2);
  });

  it('03-S75 a gap of a thousand ops is filled chunk by chunk, also when an answer is lost', () => {
    const { cluster, session } = started(0, { limits: { journalSlots: 4096 } });
    cluster.isolate(2);
    session.commit(1000);
    cluster.heal();
    let lost = 0;
    cluster.filter(({ frame }) => {
      if (frame[60] !== Command.RepairDone || lost > 0) return true;
      lost++;
      return false;
    });
    cluster.runUntil(() => isQuiet(cluster), 3000);

    expect(lost).toBe(1);
    expect(cluster.replica(2).status.commitMin).toBe(1001);
    expect(cluster.replica(2).counters.repairRounds).toBeLessThan(20);
  });

  it('03-S76 discard a header whose body nobody alive holds', () => {
    const { cluster, session } = started(0, { replicaCount: 5 });
    cluster.filter(lose(['Prepare'], { from: 1 }));
    cluster.filter(lose(['Prepare'], { from: 0, to: 2 }));
    cluster.filter(lose(['Prepare'], { from: 0, to: 3 }));
    cluster.filter(lose(['Prepare'], { from: 0, to: 4 }));
    session.next(0);
    cluster.run(10);
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary === 1, 1500);
    expect(cluster.replica(1).status.head).toBe(2);
    cluster.crash(1);
    cluster.heal();
    cluster.runUntil(() => cluster.primary >= 2, 4000);

    expect(cluster.replica(cluster.primary).status.head).toBe(1);
    session.again();
    cluster.runUntil(() => isQuiet(cluster), 1000);
  });

  it('03-S79 no prepare leaves a new primary before its record is durable', () => {
    const { cluster, session } = started();
    const { disk } = cluster.node(1);
    cluster.crash(0);
    const sent: number[] = [];
    cluster.filter(lose(['DoViewChange']));
    cluster.runUntil(() => cluster.replica(1).status.viewDurable === 1, 1000);
    disk.faults.set('superblock-write', 'stuck');
    cluster.heal();
    cluster.filter(({ from, frame }) => {
      if (from === 1 && frame[60] === Command.Prepare) sent.push(cluster.tick);
      return true;
    });
    cluster.runUntil(() => cluster.replica(1).status.status === 'normal', 1000);
    cluster.request(1, { client: 5n, session: session.session, request: 40n });
    cluster.run(40);

    expect(cluster.replica(1).status.logViewDurable).toBe(0);
    expect(sent).toEqual([]);
    disk.faults.clear();
    cluster.runUntil(() => isQuiet(cluster) && cluster.replica(1).status.commitMin === 5, 300);
    expect(sent.length).toBeGreaterThan(0);
  });

  it('03-S88 a durable log view remembers the headers of its log', () => {
    for (const restartsBackup of [true, false]) {
      const { cluster, session } = started();
      // Op 5 is committed on 0 and 1 and unknown to 2, which adopts view 1 and dies.
      cluster.filter(lose(['Prepare'], { to: 2 }));
      const token = session.next(0);
      expect(cluster.outcome(token)?.kind).toBe('committed');
      cluster.step(0, { kind: 'step-down', now: cluster.clock });
      cluster.filter(lose(['RepairPrepare'], { to: 2 }));
      cluster.runUntil(() => cluster.replica(2).status.logViewDurable === 1, 300);
      if (restartsBackup) cluster.crash(2);
      cluster.crash(1);
      cluster.heal();
      if (restartsBackup) cluster.start(2);
      cluster.runUntil(() => cluster.primary >= 0, 5000);
      cluster.runUntil(() => isQuiet(cluster), 2000);

      expect(cluster.replica(cluster.primary).status.commitMin).toBeGreaterThanOrEqual(5);
      expect(cluster.outcome(session.again())?.kind).toBe('duplicate');
    }
  });

  it('03-S72 an acknowledged op above a filled hole survives', () => {
    const { cluster, session } = started();
    const drop = (op: bigint) =>
      cluster.filter(({ to, frame }) => {
        const view = new DataView(frame.buffer, frame.byteOffset);
        return to !== 2 || frame[60] !== Command.Prepare || view.getBigUint64(176, true) !== op;
      });
    drop(5n);
    session.commit(2);
    cluster.run(200);
    cluster.crash(2);
    cluster.start(2);
    cluster.crash(0);
    cluster.heal();
    cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 5000);

    expect(cluster.replica(cluster.primary).status.commitMin).toBe(6);
  });
});
