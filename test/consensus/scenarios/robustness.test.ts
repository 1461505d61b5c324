import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Command, sealFrame } from '../../../src/wire/index.js';
import { Cluster } from '../harness/cluster.js';
import { isQuiet, TestSession } from '../harness/session.js';

/** One real frame of every kind this cluster sends. */
function sampleFrames(): { cluster: Cluster; frames: Map<number, Uint8Array> } {
  const limits = {
    journalSlots: 64,
    checkpointMargin: 8,
    pipelineDepth: 4,
    checkpointLogFactor: 0,
  };
  const cluster = new Cluster({ limits });
  const frames = new Map<number, Uint8Array>();
  cluster.filter(({ frame }) => {
    frames.set(frame[60] ?? 0, frame);
    return true;
  });
  const record = ({ frame }: { frame: Uint8Array }) => {
    frames.set(frame[60] ?? 0, frame);
    return true;
  };
  const session = new TestSession(cluster).open();
  session.commit(5);
  cluster.isolate(2);
  session.commit(100);
  cluster.heal();
  cluster.filter(record);
  cluster.runUntil(() => isQuiet(cluster), 3000);
  cluster.restart(2);
  cluster.runUntil(() => cluster.replica(2).status.status === 'normal', 500);
  cluster.step(0, { kind: 'step-down', now: cluster.clock });
  cluster.runUntil(() => cluster.primary === 1, 500);
  cluster.run(100);
  return { cluster, frames };
}

describe('hostile and broken frames', () => {
  const { cluster, frames } = sampleFrames();
  const kinds = [...frames.keys()].sort((a, b) => a - b);

  it('the sample has every kind of frame', () => {
    expect(kinds).toEqual([
      Command.Pong,
      Command.Prepare,
      Command.PrepareOk,
      Command.Commit,
      Command.StartViewChange,
      Command.DoViewChange,
      Command.StartView,
      Command.RequestStartView,
      Command.RequestPrepares,
      Command.RepairPrepare,
      Command.RepairDone,
      Command.RangeEvicted,
      Command.RequestStateTransfer,
      Command.StateTransferTarget,
      Command.RequestStateChunk,
      Command.StateChunk,
    ]);
  });

  const digest = () =>
    JSON.stringify(
      cluster.nodes.map(({ replica, machine }) => [
        replica?.status.view,
        replica?.status.head,
        replica?.status.commitMax,
        replica?.status.status,
        String(machine.digest),
        replica?.state.observedNewerView,
      ]),
    );

  it('03-S67 a flipped byte anywhere but in the view of a prepare changes nothing', () => {
    const before = digest();
    for (const command of kinds) {
      const frame = frames.get(command);
      if (frame === undefined) continue;
      const isPrepare = command === Command.Prepare || command === Command.RepairPrepare;
      const isUnsealedBody =
        command === Command.StateChunk || command === Command.StateTransferTarget;
      const end = isUnsealedBody ? 256 : Math.min(frame.length, 600);
      for (let at = 0; at < end; at++) {
        if (isPrepare && at >= 52 && at < 56) continue;
        const flipped = frame.slice();
        flipped[at] = (flipped[at] ?? 0) ^ 0x40;
        for (const { index } of cluster.nodes) cluster.inject(index, flipped);
      }
    }
    expect(digest()).toBe(before);
  });

  it('03-S67 a rejected frame is counted once', () => {
    const frame = frames.get(Command.Commit)?.slice();
    if (frame === undefined) throw new Error('no heartbeat');
    frame[150] = (frame[150] ?? 0) ^ 1;
    const counted = () => cluster.replica(0).counters.ignored.get('checksum_mismatch') ?? 0;
    const before = counted();
    cluster.inject(0, frame);

    expect(counted()).toBe(before + 1);
  });

  it('03-S67 zeroed checksums of a prepare are no licence', () => {
    const prepare = frames.get(Command.Prepare);
    if (prepare === undefined) throw new Error('no prepare');
    const before = digest();
    for (const at of [0, 16]) {
      const zeroed = prepare.slice();
      zeroed.fill(0, at, at + 16);
      for (const { index } of cluster.nodes) cluster.inject(index, zeroed);
    }
    expect(digest()).toBe(before);
  });

  it('03-S67 sealed frames of strangers, other groups and other incarnations are dropped', () => {
    const before = digest();
    for (const command of kinds) {
      const frame = frames.get(command);
      const isPrepare = command === Command.Prepare || command === Command.RepairPrepare;
      if (frame === undefined || isPrepare) continue;
      const change = (at: number, value: number) => {
        const changed = frame.slice();
        changed[at] = value;
        sealFrame(changed);
        for (const { index } of cluster.nodes) cluster.inject(index, changed);
      };
      change(61, 3);
      change(61, 255);
      change(32, (frame[32] ?? 0) ^ 1);
      change(208, 9);
    }
    expect(digest()).toBe(before);
    const { ignored } = cluster.replica(0).counters;
    expect(ignored.get('stale_incarnation')).toBeGreaterThan(0);
    expect(ignored.get('foreign_replica')).toBeGreaterThan(0);
    expect(ignored.get('wrong_cluster')).toBeGreaterThan(0);
  });

  it('03-S67 no bytes make a replica throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.array(fc.tuple(fc.nat(511), fc.nat(255)), { maxLength: 6 }),
        fc.boolean(),
        (command, changes, reseals) => {
          const frame = frames.get(command)?.slice() ?? new Uint8Array(0);
          const isPrepare = command === Command.Prepare || command === Command.RepairPrepare;
          for (const [at, value] of changes) if (at < frame.length) frame[at] = value;
          // Only a receiver that nobody else hears may believe a forged frame.
          if (reseals && !isPrepare) sealFrame(frame);
          const lonely = new Cluster();
          lonely.checks = false;
          lonely.isolate(0);
          lonely.inject(0, frame);
          lonely.run(3);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('03-S67 frames of any length and content are survived', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
        for (const { index } of cluster.nodes) cluster.inject(index, bytes);
      }),
    );
  });
});

it('03-S63 commits nothing above an op without a quorum', () => {
  const cluster = new Cluster();
  for (const client of [1n, 2n, 3n]) cluster.register(0, client);
  cluster.settle();
  let blocked = 0;
  cluster.filter(({ frame }) => {
    const op = new DataView(frame.buffer, frame.byteOffset).getBigUint64(160, true);
    if (frame[60] !== Command.PrepareOk || op !== 4n) return true;
    blocked++;
    return false;
  });
  const first = cluster.register(0, 4n);
  const second = cluster.register(0, 5n);
  cluster.settle();
  expect(blocked).toBeGreaterThan(0);
  expect(cluster.outcome(second)).toBeUndefined();
  expect(cluster.replica(0).status.commitMax).toBe(3);
  cluster.heal();
  cluster.run(60);

  expect([first, second].map((token) => cluster.outcome(token)?.kind)).toEqual([
    'registered',
    'registered',
  ]);
});

it('03-S37 a lost self-acknowledgement is found by the tick', () => {
  const cluster = new Cluster();
  cluster.cut(0, 1);
  cluster.cut(0, 2);
  cluster.register(0, 1n);
  cluster.settle();
  const pending = cluster.replica(0).state.pipeline.first;
  if (pending === undefined) throw new Error('nothing in flight');
  pending.acks = 0;
  cluster.run(1);

  expect(pending.acks).toBe(1);
});
