import { describe, expect, test } from 'vitest';
import {
  type IncomingFile,
  installMarker,
  openPartition,
  type PartitionMachine,
} from '../../../src/machine/index.js';
import { xxh3 } from '../../../src/wire/index.js';
import { FakeStore } from './fake-store.js';
import { opening, PartitionHarness } from './partition-harness.js';

const mib = 1_048_576;
const settings = { segmentSize: mib, messagesRequiredToSave: 3 };

function source(): PartitionHarness {
  const partition = new PartitionHarness({ settings });
  for (let i = 0; i < 9; i++) partition.send(2, 250_000);
  partition.storeOffset(4);
  partition.storeOffset(6, 3, 2);
  return partition;
}

interface InstalledArtifact extends IncomingFile {
  readonly bytes: Uint8Array;
}

/** Hands artifacts over in pieces and has them installed. */
function install(
  machine: PartitionMachine,
  commitOp: number,
  artifacts: readonly InstalledArtifact[],
): number {
  machine.artifacts.receive(artifacts);
  for (const [index, { bytes }] of artifacts.entries()) {
    for (let at = 0; at < bytes.length; at += 100_000) {
      expect(machine.artifacts.received(index, bytes.subarray(at, at + 100_000))).toBe(true);
    }
  }
  return machine.artifacts.install(commitOp);
}

/** Artifacts as a receiver gets them. */
function received(partition: PartitionHarness): InstalledArtifact[] {
  const commitOp = partition.log.at(-1)!.op;
  const offer = partition.machine.artifacts.offer(commitOp)!;
  return offer.map((artifact) => {
    const bytes = artifact.read(0, artifact.length);
    expect(bytes.length).toBe(artifact.length);
    expect(xxh3(bytes)).toBe(artifact.checksum);
    return { ...artifact, bytes };
  });
}

describe('state transfer of a partition', () => {
  test('gives nothing of a file that went after it was offered', () => {
    const from = source();
    const offer = from.machine.artifacts.offer(from.log.at(-1)!.op)!;
    from.purge();
    from.settle();

    const read = offer.map((artifact) => artifact.read(0, 10).length);
    expect(read).toEqual([...read.slice(1).map(() => 0), 10]);
    expect(read.length).toBeGreaterThan(1);
  });

  test('makes an equal replica, that goes on like the other', () => {
    const from = source();
    const to = new PartitionHarness({ settings });
    to.send(1);

    const frontier = install(to.machine, from.log.at(-1)!.op, received(from));
    expect(frontier).toBe(18);
    expect(to.machine.offsetFrontier()).toBe(18);
    to.settle();

    expect(to.installed).toBe(true);
    expect(to.all()).toEqual(from.all());
    expect(to.machine.digest()).toBe(from.machine.digest());
    from.send(2);
    const [next] = from.log.slice(-1);
    expect(
      to.machine.verifyBody(
        next!,
        new DataView(next!.body.buffer, next!.body.byteOffset).getBigUint64(40, true),
      ),
    ).toBe(true);
    to.commit(next!);
    expect(to.all()).toEqual(from.all());
    expect(to.record()).toMatchObject({ messages_count: 20n, current_offset: 19n });
    from.machine.flush();
    from.settle();
    to.machine.flush();
    to.settle();
    expect(to.segmentStarts()).toEqual(from.segmentStarts());
  });

  test('offers the same segments without hashing them again', () => {
    const from = source();
    received(from);
    from.settle();
    from.store.readBytes = 0;

    from.machine.artifacts.offer(99);

    expect(from.store.readBytes).toBe(0);
  });

  test('records the frontier and a marker before any file goes', () => {
    const from = source();
    const to = new PartitionHarness({ settings });
    to.send(1);
    to.machine.flush();
    to.settle();
    to.told.length = 0;

    install(to.machine, 20, received(from));
    to.settle();

    const kinds = to.told.map((effect) => effect.kind);
    const marked = kinds.indexOf('replace');
    expect(kinds[0]).toBe('persist-frontier');
    expect(new Set(kinds.slice(1, marked))).toEqual(new Set(['sync']));
    for (const kind of ['remove', 'move'] as const) {
      expect(kinds.indexOf(kind)).toBeGreaterThan(marked);
    }
    expect(to.store.names()).not.toContain(installMarker);
  });

  test('03-S58 a crash inside the swap is noticed, and the partition starts empty at the frontier', () => {
    const from = source();
    const artifacts = received(from);
    for (let steps = 2; steps < 12; steps++) {
      const store = new FakeStore();
      const to = new PartitionHarness({ settings, store, manual: true });
      to.send(1);
      to.machine.flush();
      to.settle();
      install(to.machine, 20, artifacts);
      performSome(to, steps);
      store.crash();

      const config = { ...to.config(), offsetFrontier: 18 };
      if (store.size(installMarker) === undefined) continue;
      expect(opening(config)).toMatchObject({ kind: 'damaged', cause: 'install' });
      for (const name of store.names()) store.remove(name);
      const fresh = openPartition(config);
      if (fresh.kind !== 'open') throw new Error('still damaged');
      expect(fresh.machine.offsetFrontier()).toBe(18);
    }
  });

  test('what is received waits on the disk, and is gone when it is not wanted', () => {
    const artifacts = received(source());
    const store = new FakeStore();
    const to = new PartitionHarness({ settings, store });
    const { artifacts: transfer } = to.machine;
    const staged = () => store.names().filter((name) => name.endsWith('.staging'));
    const receive = () => {
      transfer.receive(artifacts);
      for (const [index, { bytes }] of artifacts.entries()) transfer.received(index, bytes);
    };
    receive();
    expect(staged().map((name) => store.size(name))).toEqual(
      artifacts.slice(0, -1).map(({ bytes }) => bytes.length),
    );
    expect(transfer.areIntact()).toBe(true);
    transfer.abandon();
    to.settle();
    expect(staged()).toEqual([]);

    receive();
    const [name = ''] = staged();
    store.bytes(name)[300]! ^= 1;
    expect(transfer.areIntact()).toBe(false);
    // A restart in the middle: what was received is of no use, and the next names are new ones.
    const next = new PartitionHarness({ settings, store });
    expect(staged()).toEqual([]);
    next.machine.artifacts.receive(artifacts);
    expect(next.machine.artifacts.received(0, new Uint8Array(1))).toBe(true);
    expect(staged()).toHaveLength(1);
    expect(staged()).not.toContain(name);
    store.failAppends = true;
    expect(next.machine.artifacts.received(0, new Uint8Array(1))).toBe(false);
    expect(next.machine.artifacts.received(99, new Uint8Array(1))).toBe(false);
  });

  test('refuses what is damaged, incomplete or would take offsets back', () => {
    const from = source();
    const artifacts = received(from);
    const damaged = artifacts.map((each) => ({ ...each, bytes: each.bytes.slice() }));
    damaged[0]!.bytes[300]! ^= 1;
    const cases: InstalledArtifact[][] = [
      damaged,
      artifacts.slice(1),
      artifacts.slice(0, -1),
      [...artifacts.slice(0, -1), { ...artifacts.at(-1)!, bytes: new Uint8Array(3) }],
    ];
    cases[1] = [artifacts[0]!, ...artifacts.slice(2)];

    for (const bad of cases) {
      const to = new PartitionHarness({ settings });
      to.send(1);
      install(to.machine, 20, bad);
      to.settle();
      expect(to.installed).toBe(false);
      expect(to.offsets('first', 0, 9)).toEqual([0]);
    }
    const ahead = new PartitionHarness({ settings });
    ahead.send(40);
    install(ahead.machine, 20, artifacts);
    ahead.settle();
    expect(ahead.installed).toBe(false);
  });

  test('offers nothing while a purge is under way', () => {
    const from = source();
    from.metadata.send('purge_topic', { stream_id: 's', topic_id: 't' });
    from.update();

    expect(from.machine.artifacts.offer(11)).toBeUndefined();
  });
});

/** Carries out and answers the first effects only. */
function performSome(to: PartitionHarness, steps: number): void {
  let left = steps;
  for (;;) {
    const effects = to.machine.takeEffects();
    if (effects.length === 0) return;
    for (const effect of effects) {
      if (left === 0) return;
      left -= 1;
      to.store.perform(effect);
      if ('id' in effect) to.machine.effectDone(effect.id, true);
    }
  }
}
