// What happens around the moment a view starts: slow and failing records, inherited operations.
import { describe, expect, it } from 'vitest';
import { Command } from '../../../src/wire/index.js';
import { Cluster, type ClusterOptions } from '../harness/cluster.js';
import { endUserOperation } from '../harness/counter-machine.js';
import { isQuiet, lose, TestSession } from '../harness/session.js';

function started(requests = 3, options: ClusterOptions = {}) {
  const cluster = new Cluster(options);
  const session = new TestSession(cluster).open();
  session.commit(requests);
  cluster.run(60);
  return { cluster, session };
}

/** Stops the superblock of a node as soon as it entered a view change durably. */
function stopRecordAtStart(cluster: Cluster, index: number, fault: 'stuck' | 'fail'): void {
  cluster.filter(lose(['DoViewChange']));
  cluster.runUntil(() => cluster.replica(index).status.viewDurable === 1, 1500);
  cluster.node(index).disk.faults.set('superblock-write', fault);
  cluster.heal();
  cluster.runUntil(() => cluster.replica(index).status.status === 'normal', 500);
}

describe('the start of a view', () => {
  it('03-S06 by a replica that has applied less than is committed applies first', () => {
    const { cluster, session } = started();
    cluster.filter(lose(['Commit']));
    session.commit(2);
    cluster.run(20);
    expect(cluster.replica(1).status.commitMin).toBeLessThan(6);
    const advertised: bigint[] = [];
    cluster.crash(0);
    cluster.heal();
    cluster.filter(({ from, frame }) => {
      if (from === 1 && frame[60] === Command.Commit) {
        advertised.push(new DataView(frame.buffer, frame.byteOffset).getBigUint64(152, true));
      }
      return true;
    });
    cluster.runUntil(() => cluster.primary === 1, 1500);
    cluster.runUntil(() => isQuiet(cluster), 300);

    expect(cluster.replica(1).status.commitMin).toBe(6);
    expect(advertised.every((commit) => commit <= 6n)).toBe(true);
    session.commit(1);
  });

  it('03-S07 knows its inherited operations before its record is durable', () => {
    const { cluster, session } = started();
    cluster.filter(lose(['PrepareOk'], { to: 0 }));
    cluster.register(0, 9n);
    cluster.run(5);
    cluster.crash(0);
    stopRecordAtStart(cluster, 1, 'stuck');
    expect(cluster.replica(1).status).toMatchObject({ logViewDurable: 0, pipelineLength: 1 });
    const again = cluster.register(1, 9n);
    expect(cluster.outcome(again)).toEqual({ kind: 'refused', code: 57, verdict: 'InProgress' });
    cluster.node(1).disk.faults.clear();
    cluster.runUntil(() => isQuiet(cluster), 300);

    expect(cluster.replica(1).session(9n)?.epoch).toBe(5);
    session.commit(1);
  });

  it('03-S08 survives a failing record: the StartView goes out after the retry', () => {
    const { cluster, session } = started();
    cluster.filter(lose(['PrepareOk'], { to: 0 }));
    session.next(0);
    cluster.run(5);
    cluster.crash(0);
    const announced: number[] = [];
    stopRecordAtStart(cluster, 1, 'fail');
    cluster.filter(({ frame }) => {
      if (frame[60] === Command.StartView) announced.push(cluster.tick);
      return true;
    });
    cluster.run(20);
    expect(announced).toEqual([]);
    expect(cluster.replica(1).status.pipelineLength).toBe(1);
    cluster.node(1).disk.faults.clear();
    cluster.runUntil(() => isQuiet(cluster), 500);

    expect(announced.length).toBeGreaterThan(0);
    expect(cluster.replica(1).status.commitMin).toBe(5);
  });

  it('takes nothing into the journals before their records count it to this view', () => {
    for (const slow of [1, 2]) {
      const { cluster, session } = started();
      // Op 5 of view 0 is on its primary alone; view 1 gives the number again.
      cluster.filter(lose(['Prepare']));
      session.next(0);
      cluster.crash(0);
      cluster.heal();
      stopRecordAtStart(cluster, slow, 'stuck');
      cluster.runUntil(() => cluster.replica(1).status.status === 'normal', 500);
      const token = session.next(1);
      cluster.run(20);
      expect(cluster.replica(slow).status).toMatchObject({ logView: 1, logViewDurable: 0 });
      expect(cluster.replica(slow).state.log.has(5)).toBe(false);
      cluster.crash(slow);
      cluster.node(slow).disk.faults.clear();
      cluster.start(slow);
      expect(cluster.replica(slow).state.log.has(5)).toBe(false);
      cluster.start(0);
      cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 5000);

      const outcome = cluster.outcome(token)?.kind;
      if (slow === 2) expect(outcome).toBe('committed');
      else session.commit(1);
    }
  });

  it('03-S09 accepts a suffix whose entries carry the views of their retransmissions', () => {
    const { cluster, session } = started();
    cluster.filter(lose(['PrepareOk'], { to: 0 }));
    cluster.filter(lose(['Prepare'], { to: 2 }));
    session.next(0);
    cluster.run(5);
    cluster.crash(0);
    cluster.heal();
    cluster.filter(lose(['PrepareOk'], { to: 1 }));
    cluster.runUntil(() => cluster.primary === 1, 1500);
    cluster.run(60);
    const views = [1, 2].map((index) => cluster.replica(index).state.log.get(5)?.frame[52]);
    expect(views).toEqual([0, 1]);
    cluster.heal();
    cluster.start(0);
    cluster.crash(1);
    cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 5000);

    expect(cluster.replica(cluster.primary).status.commitMin).toBe(5);
  });

  it('learns of commits that its predecessor made after the votes', () => {
    const { cluster, session } = started();
    // The old primary commits op 5 and answers its client, and nobody hears of it.
    const acks: Uint8Array[] = [];
    cluster.filter(({ frame }) => {
      if (frame[60] !== Command.PrepareOk) return true;
      acks.push(frame);
      return false;
    });
    session.next(0);
    cluster.cutOneWay(0, 1);
    cluster.cutOneWay(0, 2);
    cluster.cutOneWay(1, 0);
    cluster.cutOneWay(2, 0);
    cluster.run(300);
    for (const ack of acks) cluster.inject(0, ack);
    expect(cluster.replica(0).status.commitMin).toBe(5);
    cluster.runUntil(() => cluster.primary === 1, 700);
    expect(cluster.replica(1).status).toMatchObject({ commitMin: 4, head: 5 });
    cluster.heal();
    cluster.filter(lose(['PrepareOk']));
    cluster.runUntil(() => isQuiet(cluster) && cluster.replica(0).status.view === 1, 2000);

    expect(cluster.replica(1).status.commitMin).toBe(5);
  });
});

describe('long stories', () => {
  it('03-S73 an acknowledged op survives a restart, a transfer and a late acknowledgement', () => {
    const limits = {
      journalSlots: 64,
      checkpointMargin: 8,
      pipelineDepth: 4,
      checkpointLogFactor: 0,
    };
    const { cluster, session } = started(70, { limits });
    const acks: Uint8Array[] = [];
    cluster.filter(({ frame }) => {
      if (frame[60] !== Command.PrepareOk) return true;
      acks.push(frame);
      return false;
    });
    cluster.filter(lose(['Prepare'], { to: 1 }));
    cluster.cut(0, 1);
    const token = session.next(0);
    cluster.run(30);
    expect(cluster.replica(2).state.log.has(72)).toBe(true);
    cluster.restart(2);
    cluster.runUntil(() => cluster.replica(2).status.status === 'normal', 500);
    for (const ack of acks) cluster.inject(0, ack);
    cluster.run(5);
    const wasCommitted = cluster.outcome(token)?.kind === 'committed';
    cluster.crash(0);
    cluster.heal();
    cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 6000);

    expect(wasCommitted).toBe(true);
    expect(cluster.replica(cluster.primary).status.commitMin).toBeGreaterThanOrEqual(72);
  });

  it('03-S78 an adopted commit point is not forgotten', () => {
    const { cluster } = started(3);
    // 2 gets superseded ops 5..7 as a lonely primary of view 2.
    cluster.step(0, { kind: 'step-down', now: cluster.clock });
    cluster.runUntil(() => cluster.primary === 1, 300);
    cluster.step(1, { kind: 'step-down', now: cluster.clock });
    cluster.runUntil(() => cluster.primary === 2, 300);
    cluster.run(60);
    cluster.isolate(2);
    for (const client of [31n, 32n, 33n]) cluster.register(2, client);
    cluster.run(5);
    expect(cluster.replica(2).status.head).toBe(7);
    cluster.runUntil(() => cluster.primary === 0, 3000);
    for (const client of [41n, 42n, 43n, 44n]) {
      cluster.register(0, client);
      cluster.settle();
    }
    cluster.run(60);
    cluster.heal();
    cluster.filter(lose(['RepairPrepare', 'Prepare'], { to: 2 }));
    cluster.runUntil(() => cluster.replica(2).status.logViewDurable >= 3, 3000);
    cluster.run(5);
    cluster.crash(2);
    cluster.crash(1);
    cluster.heal();
    cluster.start(2);
    cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 8000);

    expect(cluster.replica(cluster.primary).status.commitMin).toBeGreaterThanOrEqual(8);
    for (const client of [41n, 42n, 43n, 44n]) {
      expect(cluster.replica(2).session(client)).toBeDefined();
    }
    expect(cluster.replica(2).session(31n)).toBeUndefined();
  });

  it('03-S86 a checkpoint after an install and a restart leave equal tables', () => {
    const limits = {
      journalSlots: 64,
      checkpointMargin: 8,
      pipelineDepth: 4,
      checkpointLogFactor: 0,
      clientSlots: 4,
      retiredSlots: 4,
    };
    const { cluster } = started(5, { limits });
    cluster.isolate(2);
    for (let client = 100n; client < 200n; client++) {
      cluster.register(0, client);
      cluster.settle();
    }
    cluster.heal();
    cluster.runUntil(() => isQuiet(cluster), 3000);
    for (let client = 200n; client < 260n; client++) {
      cluster.register(0, client);
      cluster.settle();
    }
    cluster.run(60);
    cluster.restart(2);
    cluster.runUntil(() => isQuiet(cluster) && cluster.replica(2).status.status === 'normal', 500);

    expect(cluster.replica(2).counters.checkpoints).toBeGreaterThanOrEqual(0);
    expect(cluster.replica(2).clientTable()).toEqual(cluster.replica(0).clientTable());
    expect(cluster.replica(0).clientTable().retired).toHaveLength(4);
  });

  it('03-S41 a restarted node keeps sessions and the configured capacity', () => {
    const { cluster, session } = started(3, { limits: { clientSlots: 2 } });
    cluster.register(0, 8n);
    cluster.run(60);
    cluster.restart(1);
    cluster.runUntil(() => cluster.replica(1).status.status === 'normal', 500);
    expect(cluster.replica(1).session(session.client)?.watermark).toBe(3n);
    cluster.register(0, 9n);
    cluster.run(100);

    expect(cluster.replica(1).clientTable().live).toHaveLength(2);
    expect(cluster.replica(1).clientTable()).toEqual(cluster.replica(0).clientTable());
  });

  it('03-S84 the end of a user ends its live and retired sessions on every replica', () => {
    const { cluster, session } = started(0, { limits: { clientSlots: 2 } });
    for (const client of [8n, 9n]) {
      cluster.register(0, client, 4);
      cluster.settle();
    }
    cluster.register(0, 10n, 3);
    cluster.settle();
    const body = new Uint8Array([4, 0, 0, 0]);
    const { status } = cluster.replica(0);
    expect(
      cluster
        .replica(0)
        .clientTable()
        .retired.map(({ client }) => client),
    ).toEqual([5n, 8n]);
    cluster.request(0, {
      client: 10n,
      session: status.head,
      request: 1n,
      operation: endUserOperation,
      body,
    });
    cluster.run(100);

    for (const { replica, machine } of cluster.nodes) {
      const table = replica?.clientTable();
      expect(table?.live.map(({ client }) => client)).toEqual([10n]);
      expect(table?.retired.map(({ client }) => client)).toEqual([session.client]);
      expect(machine.ended).toEqual([5n, 8n, 9n]);
    }
  });

  it('03-S45 a request of an epoch before an eviction is fenced', () => {
    const { cluster, session } = started(3, { limits: { clientSlots: 2 } });
    for (const client of [8n, 9n]) {
      cluster.register(0, client);
      cluster.settle();
    }
    expect(cluster.replica(0).session(session.client)).toBeUndefined();
    cluster.register(0, session.client);
    cluster.settle();

    expect(cluster.outcome(session.next(0))).toMatchObject({ kind: 'evicted', verdict: 'Fenced' });
  });
});

describe('the same seed', () => {
  it('gives the same run, traced or not', () => {
    const runs = [false, false, true].map((tracing) => {
      const cluster = new Cluster({ seed: 5, loss: 50, delay: 4, slowDisk: true, tracing });
      for (let i = 0; i < 30; i++) {
        cluster.register(Math.max(0, cluster.primary), BigInt(i + 1));
        cluster.run(20);
        if (i === 10) cluster.crash(0);
        if (i === 20) cluster.start(0);
      }
      cluster.run(1000);
      const counters = cluster.nodes.map(({ replica }) => [...(replica?.counters.ignored ?? [])]);
      const digests = cluster.nodes.map(({ machine }) => String(machine.digest));
      return JSON.stringify([cluster.describe(), counters, digests, [...cluster.outcomes.keys()]]);
    });

    expect(runs[1]).toBe(runs[0]);
    expect(runs[2]).toBe(runs[0]);
  });
});
