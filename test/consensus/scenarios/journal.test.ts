import { describe, expect, it } from 'vitest';
import { getU128 } from '../../../src/base/index.js';
import { transferTargetAt } from '../../../src/consensus/frame/layout.js';
import { Command, sealFrame } from '../../../src/wire/index.js';
import { Cluster, type ClusterOptions } from '../harness/cluster.js';
import { makePrepare } from '../harness/prepares.js';
import { isQuiet, lose, TestSession } from '../harness/session.js';

const small = {
  journalSlots: 64,
  checkpointMargin: 8,
  pipelineDepth: 4,
  checkpointLogFactor: 0,
  chunkBytes: 512,
} as const;

function started(requests: number, options: ClusterOptions = {}) {
  const cluster = new Cluster({ limits: small, ...options });
  const session = new TestSession(cluster).open();
  session.commit(requests);
  cluster.run(60);
  return { cluster, session };
}

describe('checkpoints', () => {
  it('bound the journal and keep the entry at the checkpoint', () => {
    const { cluster } = started(200);

    for (const { replica, disk } of cluster.nodes) {
      const { checkpointOp, commitMin } = replica?.status ?? { checkpointOp: 0, commitMin: 0 };
      expect(commitMin).toBe(201);
      expect(checkpointOp).toBeGreaterThan(100);
      expect(disk.superblock?.checkpointOp).toBe(checkpointOp);
      expect(disk.journal.length).toBeLessThanOrEqual(64);
      expect(replica?.state.log.has(checkpointOp)).toBe(true);
      expect(replica?.state.log.has(checkpointOp - 1)).toBe(false);
    }
  });

  it('of one op are byte-identical on all replicas', () => {
    const { cluster } = started(200);
    const [first, ...rest] = cluster.nodes.map(({ disk }) => disk.snapshot);

    for (const snapshot of rest) expect(snapshot).toEqual(first);
  });

  it('03-S30 let an election succeed when all replicas checkpointed at the same op', () => {
    const { cluster, session } = started(200);
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary === 1, 1000);

    session.commit(1);
  });

  it('03-S29 that fail leave the prepare that triggered them committed, and are tried again', () => {
    const { cluster, session } = started(10);
    for (const { disk } of cluster.nodes) disk.faults.set('snapshot-write', 'fail');
    session.commit(52);
    cluster.run(10);
    expect(cluster.replica(0).status.checkpointOp).toBe(0);
    expect(cluster.replica(0).counters.alarms.get('checkpoint_failed')).toBeGreaterThan(0);
    for (const { disk } of cluster.nodes) disk.faults.clear();
    cluster.run(200);

    expect(cluster.replica(0).status.checkpointOp).toBeGreaterThan(0);
    session.commit(50);
  });

  it('03-S31 survive a crash after each of their steps', () => {
    for (const stuck of ['snapshot-write', 'superblock-write', 'journal-rewrite'] as const) {
      const { cluster, session } = started(10);
      const { disk } = cluster.node(2);
      disk.faults.set(stuck, 'stuck');
      session.commit(60);
      cluster.run(60);
      cluster.restart(2);
      disk.faults.clear();
      cluster.runUntil(() => isQuiet(cluster) && cluster.replica(2).status.status === 'normal');

      expect(cluster.replica(2).status.commitMin).toBe(71);
      session.commit(60);
      cluster.run(100);
      expect(isQuiet(cluster)).toBe(true);
    }
  });

  it('03-S43 keep watermarks and replies over a restart', () => {
    const { cluster, session } = started(100);
    for (const index of [0, 1, 2]) cluster.restart(index);
    cluster.runUntil(() => cluster.primary >= 0 && isQuiet(cluster), 3000);

    expect(cluster.outcome(session.again())?.kind).toBe('duplicate');
    session.request -= 3n;
    expect(cluster.outcome(session.again())?.kind).toBe('duplicate');
  });

  it('refuse to start from a snapshot that is older than the superblock says', () => {
    const { cluster } = started(200);
    cluster.crash(1);
    const { disk } = cluster.node(1);
    const { superblock } = disk;
    if (superblock === undefined) throw new Error('no record');
    disk.superblock = { ...superblock, checkpointOp: superblock.checkpointOp + 1 };
    expect(() => cluster.start(1)).toThrow(
      expect.objectContaining({
        code: 'RECOVERY_REFUSED',
        details: expect.objectContaining({ damage: 'checkpoint_ahead_of_snapshot' }),
      }),
    );
    disk.superblock = { ...superblock, checkpointChecksum: 1n };
    expect(() => cluster.start(1)).toThrow(expect.objectContaining({ code: 'RECOVERY_REFUSED' }));
    disk.superblock = superblock;
    cluster.start(1);
  });
});

describe('state transfer', () => {
  it('brings back a replica whose missing entries exist nowhere as entries', () => {
    const { cluster, session } = started(10);
    cluster.isolate(2);
    session.commit(200);
    cluster.heal();
    cluster.runUntil(() => isQuiet(cluster), 3000);

    expect(cluster.replica(2).counters.transfersInstalled).toBe(1);
    expect(cluster.replica(2).clientTable()).toEqual(cluster.replica(0).clientTable());
    expect(cluster.node(2).machine.applied.length).toBeLessThan(100);
    session.commit(5);
  });

  it('03-S69 never sends a piece larger than the link takes', () => {
    const { cluster, session } = started(10);
    cluster.isolate(2);
    session.commit(200);
    cluster.heal();
    const sizes: number[] = [];
    cluster.filter(({ frame }) => {
      if (frame[60] === Command.StateChunk) sizes.push(frame.length - 256);
      return true;
    });
    cluster.runUntil(() => isQuiet(cluster), 3000);

    expect(Math.max(...sizes)).toBe(small.chunkBytes);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  it('03-S39 goes on after lost and repeated pieces', () => {
    const { cluster, session } = started(10);
    cluster.isolate(2);
    session.commit(200);
    cluster.heal();
    let seen = 0;
    cluster.filter(({ frame, to }) => {
      if (frame[60] !== Command.StateChunk) return true;
      seen++;
      if (seen % 3 === 0) cluster.inject(to, frame);
      return seen % 4 !== 0;
    });
    cluster.runUntil(() => isQuiet(cluster), 20_000);

    expect(seen).toBeGreaterThan(10);
    expect(cluster.replica(2).counters.transfersInstalled).toBe(1);
  });

  it('03-S39 is given up when the peer goes silent, and begun anew with another', () => {
    const { cluster, session } = started(10);
    cluster.isolate(2);
    session.commit(200);
    cluster.heal();
    cluster.filter(lose(['StateChunk'], { from: 0 }));
    cluster.run(1500);
    expect(cluster.replica(2).status.commitMin).toBeLessThan(100);
    expect(cluster.replica(2).counters.alarms.get('transfer_abandoned')).toBeGreaterThan(0);
    cluster.step(0, { kind: 'step-down', now: cluster.clock });
    cluster.runUntil(() => cluster.primary === 1, 1000);
    cluster.runUntil(() => isQuiet(cluster), 3000);
  });

  it('03-S40 keeps the state of a receiver that is ahead of the offer', () => {
    const { cluster, session } = started(200);
    session.commit(1);
    cluster.restart(2);
    cluster.runUntil(() => cluster.replica(2).status.status === 'normal', 300);
    cluster.run(10);

    expect(cluster.replica(2).status.transferStage).toBe('idle');
    expect(cluster.replica(2).counters.transfersInstalled).toBe(0);
    expect(cluster.replica(2).status.commitMin).toBe(cluster.replica(0).status.commitMin);
  });

  it('03-S27 never applies stale entries above the installed snapshot', () => {
    const { cluster, session } = started(10);
    cluster.isolate(0);
    for (const client of [21n, 22n, 23n]) cluster.register(0, client);
    cluster.run(10);
    cluster.runUntil(() => cluster.primary === 1, 1000);
    const other = new TestSession(cluster, 77n).open(1);
    other.commit(200, 1);
    cluster.heal();
    cluster.runUntil(() => isQuiet(cluster) && cluster.replica(0).status.status === 'normal', 4000);

    expect(cluster.replica(0).session(21n)).toBeUndefined();
    expect(session.session).toBe(1);
  });

  it('03-S77 leaves a log whose commit point can be voted on', () => {
    const { cluster, session } = started(10);
    cluster.isolate(2);
    session.commit(200);
    cluster.heal();
    cluster.runUntil(() => cluster.replica(2).counters.transfersInstalled === 1, 3000);
    cluster.runUntil(() => isQuiet(cluster), 3000);
    cluster.restart(2);
    cluster.crash(0);
    cluster.runUntil(() => cluster.primary >= 0, 5000);

    cluster.runUntil(() => isQuiet(cluster), 2000);
  });

  it('03-S85 does not rewind a table to an older offer', () => {
    const { cluster, session } = started(200);
    const before = cluster.replica(2).clientTable();
    cluster.restart(2);
    cluster.runUntil(() => cluster.replica(2).status.status === 'normal', 300);
    cluster.run(20);

    expect(cluster.replica(2).clientTable()).toEqual(before);
    expect(session.request).toBe(200n);
  });

  it('is asked for anew where what was offered is gone meanwhile', () => {
    const { cluster, session } = started(10);
    cluster.isolate(2);
    session.commit(200);
    cluster.heal();
    let gone = 0;
    cluster.filter(({ from, frame }) => {
      if (frame[60] !== Command.StateTransferTarget || gone > 0) return true;
      const nonce = getU128(frame, transferTargetAt.nonce);
      const [artifact] = cluster.replica(from).state.offers.get(nonce)?.artifacts ?? [];
      if (artifact !== undefined) gone += 1;
      if (artifact !== undefined) Object.assign(artifact, { read: () => new Uint8Array() });
      return true;
    });
    cluster.runUntil(() => gone === 1, 1000);
    cluster.runUntil(() => cluster.replica(2).status.commitMin === 211, 90);

    expect(cluster.live).toHaveLength(3);
  });

  it('refuses a snapshot whose bytes do not match the manifest', () => {
    const { cluster, session } = started(10);
    cluster.isolate(2);
    session.commit(200);
    cluster.heal();
    const { state } = cluster.replica(0);
    const payload = state.checkpointPayload;
    if (payload === undefined) throw new Error('no checkpoint');
    Object.assign(state, {
      checkpointPayload: payload.map((byte, i) => (i === 50 ? byte ^ 1 : byte)),
    });
    cluster.run(3000);
    const { counters } = cluster.replica(2);
    expect(counters.alarms.get('transfer_artifact_mismatch')).toBe(5);
    expect(counters.alarms.get('offer_refused')).toBeGreaterThan(0);
    expect(cluster.replica(2).status.commitMin).toBe(11);
  });
});

describe('repair', () => {
  it('03-S38 answers an empty range with what is gone, clamps, and ignores strangers', () => {
    const { cluster } = started(200);
    const answers: string[] = [];
    cluster.filter(({ from, frame }) => {
      const { buffer, byteOffset } = frame;
      const op = new DataView(buffer, byteOffset).getBigUint64(144, true);
      if (from === 0 && frame[60] === Command.RangeEvicted) answers.push(`evicted ${op}`);
      if (from === 0 && frame[60] === Command.RepairDone) answers.push(`done ${op}`);
      if (from === 0 && frame[60] === Command.RepairPrepare) answers.push('entry');
      return true;
    });
    const { templates } = cluster.replica(1).state;
    const ask = (from: bigint, to: bigint) => {
      const frame = templates.frame(Command.RequestPrepares, 0);
      const view = new DataView(frame.buffer, frame.byteOffset);
      view.setBigUint64(144, from, true);
      view.setBigUint64(152, to, true);
      cluster.inject(0, seal(frame));
    };
    const { checkpointOp } = cluster.replica(0).status;
    ask(1n, 5n);
    expect(answers.splice(0)).toEqual([`evicted ${checkpointOp}`, 'done 0']);
    ask(1n, 2n ** 64n - 1n);
    expect(answers[0]).toBe(`evicted ${checkpointOp}`);
    expect(answers.at(-1)).toBe('done 201');
    answers.length = 0;
    ask(300n, 400n);
    expect(answers.splice(0)).toEqual([`evicted ${checkpointOp}`, 'done 201']);
  });
});

describe('append failures', () => {
  it('03-S32 on the primary hand the op back and cancel its waiter', () => {
    const { cluster, session } = started(3);
    cluster.node(0).disk.faults.set('journal-append', 'fail');
    const token = session.next(0);
    expect(cluster.outcome(token)).toEqual({ kind: 'refused', code: 57 });
    expect(cluster.replica(0).status.head).toBe(4);
    cluster.node(0).disk.faults.clear();

    expect(cluster.outcome(session.again(0))).toMatchObject({ kind: 'committed', op: 5 });
  });

  it('03-S32 with a sibling behind it stop the replica', () => {
    const { cluster } = started(3);
    const { disk } = cluster.node(0);
    disk.faults.set('journal-append', 'stuck');
    for (const client of [21n, 22n]) cluster.register(0, client);
    disk.faults.set('journal-append', 'fail');
    cluster.run(5);

    expect(cluster.node(0).halted).toBe('log_frontier');
  });

  it('of a batch, reported highest first, hand everything back', () => {
    const { cluster } = started(3);
    const { disk } = cluster.node(0);
    disk.faults.set('journal-append', 'stuck');
    const tokens = [21n, 22n].map((client) => cluster.register(0, client));
    const writes = [...cluster.replica(0).state.pendingWrites.keys()].sort((x, y) => y - x);
    for (const write of writes) {
      cluster.step(0, { kind: 'journal-done', write, result: 'append-failed' });
    }

    expect(cluster.replica(0).status.head).toBe(4);
    expect(tokens.map((token) => cluster.outcome(token)?.kind)).toEqual(['refused', 'refused']);
  });

  it('03-S32 with a view change in between stop the replica', () => {
    const { cluster } = started(3);
    const { disk } = cluster.node(0);
    disk.faults.set('journal-append', 'stuck');
    cluster.register(0, 21n);
    cluster.step(0, { kind: 'step-down', now: cluster.clock });
    cluster.run(5);
    disk.faults.set('journal-append', 'fail');
    cluster.run(5);

    expect(cluster.node(0).halted).toBe('log_frontier');
  });

  it('03-S87 of a sync are fatal', () => {
    const { cluster, session } = started(3);
    cluster.node(0).disk.faults.set('journal-append', 'sync-fail');
    session.next(0);

    expect(cluster.node(0).halted).toBe('sync_failed');
    cluster.runUntil(() => cluster.primary > 0, 1500);
    cluster.runUntil(() => isQuiet(cluster), 500);
  });

  it('on a backup claim nothing: the retransmission is taken', () => {
    const { cluster, session } = started(3);
    cluster.node(1).disk.faults.set('journal-append', 'fail');
    const token = session.next(0);
    expect(cluster.outcome(token)).toBeUndefined();
    cluster.node(1).disk.faults.clear();
    cluster.run(60);

    expect(cluster.outcome(token)?.kind).toBe('committed');
    expect(isQuiet(cluster)).toBe(true);
  });

  it('of what is repaired are no progress: it is asked for again at intervals, not at once', () => {
    const { cluster, session } = started(3, { limits: { ...small, repairChunk: 4 } });
    cluster.isolate(2);
    session.commit(20);
    cluster.node(2).disk.faults.set('journal-append', 'fail');
    cluster.heal();
    const before = cluster.replica(2).counters.repairRounds;
    cluster.run(300);
    const rounds = cluster.replica(2).counters.repairRounds - before;
    expect(rounds).toBeGreaterThan(1);
    expect(rounds).toBeLessThan(20);
    expect(cluster.replica(2).status.commitMin).toBe(4);

    cluster.node(2).disk.faults.clear();
    cluster.runUntil(() => cluster.replica(2).status.commitMin === 24, 1000);
  });

  it('of an op that is known to be committed leave it below the head of the vote', () => {
    const { cluster, session } = started(3);
    const { disk } = cluster.node(2);
    disk.faults.set('journal-append', 'stuck');
    const token = session.next(0);
    cluster.runUntil(() => cluster.replica(2).status.commitMax === 5, 500);
    expect(cluster.outcome(token)?.kind).toBe('committed');
    cluster.isolate(2);
    cluster.step(2, { kind: 'step-down', now: cluster.clock });
    cluster.runUntil(() => (disk.superblock?.view ?? 0) > 0, 2000);
    expect(disk.superblock?.commitMax).toBe(5);
    disk.faults.set('journal-append', 'fail');
    cluster.run(2);

    expect(cluster.replica(2).state.log.has(5)).toBe(false);
    expect(cluster.replica(2).status).toMatchObject({ head: 5, commitMin: 4 });
    disk.faults.clear();
    cluster.heal();
    cluster.runUntil(() => isQuiet(cluster), 3000);
    session.commit(1);
  });

  it('of an inherited op on a new primary keep it in its vote when the view changes again', () => {
    const { cluster, session } = started(3);
    // Op 5 is committed on 0 and 2; only 0 knows that, and is gone.
    cluster.filter(lose(['Prepare', 'RepairPrepare'], { to: 1 }));
    const token = session.next(0);
    cluster.runUntil(() => cluster.outcome(token)?.kind === 'committed', 500);
    const committed = cluster.replica(0).state.log.get(5)?.checksum;
    cluster.crash(0);
    cluster.dropFlights();
    cluster.heal();
    expect(cluster.replica(2).status).toMatchObject({ head: 5, commitMax: 4 });
    const { disk } = cluster.node(1);
    disk.faults.set('journal-append', 'fail');
    cluster.runUntil(() => disk.superblock?.logView === 1, 3000);
    cluster.step(1, { kind: 'step-down', now: cluster.clock });
    cluster.runUntil(() => cluster.primary === 2, 3000);

    expect(disk.journal).toHaveLength(4);
    expect(cluster.replica(2).status).toMatchObject({ view: 2, head: 5 });
    disk.faults.clear();
    cluster.start(0);
    cluster.runUntil(() => isQuiet(cluster), 3000);
    expect(cluster.replica(1).state.log.get(5)?.checksum).toBe(committed);
    session.commit(1);
  });
});

describe('the log', () => {
  it('03-S35 another prepare in a slot is never acknowledged', () => {
    const { cluster } = started(3);
    const held = cluster.replica(1).state.log.get(4);
    const forged = makePrepare({ op: 4, parent: held?.parent ?? 0n, client: 99n });
    const acks: number[] = [];
    cluster.filter(({ from, frame }) => {
      if (from === 1 && frame[60] === Command.PrepareOk) acks.push(1);
      return true;
    });
    cluster.inject(1, forged);

    expect(acks).toEqual([]);
    expect(cluster.replica(1).state.log.get(4)?.checksum).toBe(held?.checksum);
  });

  it('03-S34 a chain break or gap in the journal applies nothing unproven', () => {
    for (const damage of ['gap', 'break'] as const) {
      const { cluster, session } = started(20);
      cluster.crash(2);
      const { disk } = cluster.node(2);
      if (damage === 'gap') disk.journal.splice(10, 1);
      else disk.journal[10] = makePrepare({ op: 11, parent: 3n, timestamp: 5 });
      cluster.start(2);
      expect(cluster.replica(2).status.commitMin).toBeLessThanOrEqual(10);
      cluster.runUntil(() => isQuiet(cluster) && cluster.replica(2).status.status === 'normal');

      expect(cluster.replica(2).status.commitMin).toBe(21);
      session.commit(1);
    }
  });

  it('a lone replica refuses a gap and lost commits', () => {
    const { cluster } = started(20, { replicaCount: 1 });
    cluster.crash(0);
    const { disk } = cluster.node(0);
    const [removed] = disk.journal.splice(10, 1);
    if (removed === undefined) throw new Error('no entry');
    expect(() => cluster.start(0)).toThrow(expect.objectContaining({ code: 'RECOVERY_REFUSED' }));
    disk.journal.splice(10, 0, removed);
    cluster.start(0);
    expect(cluster.replica(0).status).toMatchObject({ commitMin: 21, status: 'normal' });
  });

  it('03-S28 many requests at the checkpoint margin make one checkpoint and lose nothing', () => {
    const cluster = new Cluster({ limits: small, slowDisk: true, seed: 3 });
    const tokens: number[] = [];
    for (let client = 1n; client <= 120n; client++) {
      tokens.push(cluster.register(0, client));
      if (client % 4n === 0n) cluster.run(8);
    }
    cluster.run(200);

    const kinds = tokens.map((token) => cluster.outcome(token)?.kind);
    expect(kinds.every((kind) => kind === 'registered' || kind === 'refused')).toBe(true);
    expect(kinds.filter((kind) => kind === 'registered').length).toBeGreaterThan(60);
    expect(isQuiet(cluster)).toBe(true);
  });

  it('03-S42 retransmit within one base interval of the head changing', () => {
    const { cluster, session } = started(3);
    cluster.filter(lose(['PrepareOk'], { to: 0 }));
    const token = session.next(0);
    cluster.run(100);
    const sent: number[] = [];
    cluster.heal();
    const lostAck = new TestSession(cluster, 9n);
    cluster.filter(({ from, frame }) => {
      if (from === 0 && frame[60] === Command.Prepare) sent.push(cluster.tick);
      return true;
    });
    cluster.runUntil(() => cluster.outcome(token) !== undefined, 500);
    expect(lostAck.client).toBe(9n);
    expect(cluster.replica(0).state.timeouts.prepare.isRunning).toBe(false);
    expect(sent.length).toBeGreaterThan(0);
  });
});

function seal(frame: Uint8Array): Uint8Array {
  sealFrame(frame);
  return frame;
}
