// Partition groups: one log each, no client table, stamped offsets, two acknowledgement modes.
import { describe, expect, it } from 'vitest';
import {
  consensusLimits,
  Replica,
  type ReplicaConfig,
  type ReplicaEffect,
  type SuperblockWrite,
} from '../../../src/consensus/index.js';
import { Command, genesisParent, Operation } from '../../../src/wire/index.js';
import { OffsetMachine } from '../harness/offset-machine.js';

interface Node {
  replica: Replica | undefined;
  machine: OffsetMachine;
  journal: Uint8Array[];
  anchor: Uint8Array | undefined;
  superblock: SuperblockWrite | undefined;
  /** Message offsets on disk. */
  segments: number[];
}

const group = (1n << 32n) | 5n;

class Partition {
  readonly nodes: Node[];
  readonly outcomes = new Map<number, string>();
  readonly rejoined = new Set<number>();
  readonly #durability: ReplicaConfig['durability'];
  readonly #queue: { to: number; frame: Uint8Array }[] = [];
  readonly #revision: number;
  readonly cut = new Set<number>();
  #token = 0;
  #boots = 0n;
  lost = (_: { from: number; to: number; frame: Uint8Array }): boolean => false;

  constructor(durability: ReplicaConfig['durability'] = 'durable', count = 3, revision = 9) {
    this.#durability = durability;
    this.#revision = revision;
    this.nodes = Array.from({ length: count }, () => ({
      replica: undefined,
      machine: new OffsetMachine(),
      journal: [],
      anchor: undefined,
      superblock: undefined,
      segments: [],
    }));
    for (const index of this.nodes.keys()) this.start(index);
  }

  node(index: number): Node {
    const node = this.nodes[index];
    if (node === undefined) throw new Error('no node');
    return node;
  }

  replica(index: number): Replica {
    const { replica } = this.node(index);
    if (replica === undefined) throw new Error('down');
    return replica;
  }

  start(index: number, extra: { joining?: boolean } = {}): void {
    const node = this.node(index);
    const { superblock, anchor } = node;
    const reserved = this.#durability === 'memory' ? (superblock?.offsetFrontier ?? 0) : 0;
    node.machine = new OffsetMachine(node.segments, reserved);
    const hasLived = superblock !== undefined;
    const found = {
      incarnation: ++this.#boots,
      entries: this.#durability === 'durable' ? [...node.journal] : [],
      ...(superblock === undefined ? {} : { superblock }),
      ...(anchor === undefined ? {} : { anchor }),
      ...(hasLived && this.#durability === 'memory' ? { journalLost: true } : {}),
      ...extra,
    };
    const config: ReplicaConfig = {
      cluster: 7n,
      group,
      groupIncarnation: this.#revision,
      replica: index,
      replicaCount: this.nodes.length,
      limits: consensusLimits(),
      requestPolicy: 'watermark',
      durability: this.#durability,
      tracing: false,
    };
    node.replica = new Replica(config, node.machine, found);
  }

  crash(index: number): void {
    this.node(index).replica = undefined;
  }

  /** @param messages how many the entry holds */
  send(index: number, messages = 1): number {
    const token = ++this.#token;
    const proposal = {
      token,
      source: 'client' as const,
      operation: Operation.StoreConsumerOffset,
      client: 99n,
      session: 1,
      request: 1n,
      requestChecksum: 0n,
      userId: 1,
      body: new Uint8Array([messages]),
    };
    this.#step(index, { kind: 'propose', proposal, now: 1000 });
    this.settle();
    return token;
  }

  /** Tells all that live which links are up. */
  tellLinks(): void {
    let up = 0;
    for (const [index, { replica }] of this.nodes.entries()) if (replica) up |= 1 << index;
    for (const index of this.nodes.keys()) this.#step(index, { kind: 'links', up });
    this.settle();
  }

  flush(index: number): void {
    const node = this.node(index);
    node.segments = [...node.machine.segments];
    this.#step(index, { kind: 'flushed', op: this.replica(index).status.commitMin });
    this.settle();
  }

  run(ticks: number): void {
    for (let i = 0; i < ticks; i++) {
      for (const index of this.nodes.keys()) this.#step(index, { kind: 'tick', now: 1000 });
      this.settle();
    }
  }

  runUntil(holds: () => boolean, max = 5000): void {
    for (let i = 0; i < max; i++) {
      if (holds()) return;
      this.run(1);
    }
    throw new Error('not reached');
  }

  get primary(): number {
    return this.nodes.findIndex(({ replica }) => replica?.status.isActingPrimary === true);
  }

  settle(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#step(next.to, { kind: 'frame', frame: next.frame, now: 1000 });
    }
  }

  #step(index: number, event: Parameters<Replica['step']>[0]): void {
    const { replica } = this.node(index);
    if (replica === undefined) return;
    this.#perform(index, replica.step(event));
    const { artifacts } = this.node(index).machine;
    if (!artifacts.isInstallDue) return;
    artifacts.isInstallDue = false;
    this.#step(index, { kind: 'installed', ok: true });
  }

  #perform(index: number, effects: readonly ReplicaEffect[]): void {
    const node = this.node(index);
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send': {
          const { to, frame } = effect;
          const isCut = this.cut.has(index) || this.cut.has(to);
          if (!isCut && !this.lost({ from: index, to, frame })) this.#queue.push({ to, frame });
          break;
        }
        case 'journal-append':
          node.journal.push(...effect.entries);
          this.#step(index, { kind: 'journal-done', write: effect.write, result: 'ok' });
          break;
        case 'journal-rewrite':
          node.journal = [...effect.entries];
          node.anchor = effect.anchor;
          this.#step(index, { kind: 'journal-done', write: effect.write, result: 'ok' });
          break;
        case 'superblock-write':
          node.superblock = effect.record;
          this.#step(index, { kind: 'superblock-done', write: effect.write, ok: true });
          break;
        case 'outcome':
          this.outcomes.set(effect.token, effect.outcome.kind);
          break;
        case 'rejoined':
          this.rejoined.add(index);
          break;
        case 'halt':
          throw new Error(effect.detail);
        default:
          break;
      }
    }
  }

  isEven(): boolean {
    const live = this.nodes.filter(({ replica }) => replica !== undefined);
    const commits = live.map(({ replica }) => replica?.status.commitMin);
    return commits.every((commit) => commit === commits[0]);
  }
}

describe('a new partition whose first primary is out of reach', () => {
  it.each([
    { count: 3, dead: [0], next: 1 },
    { count: 5, dead: [0, 1], next: 2 },
  ])('elects the first of $count replicas that is there, at once', ({ count, dead, next }) => {
    const p = new Partition('durable', count);
    for (const index of dead) p.crash(index);
    p.tellLinks();

    expect(p.primary).toBe(next);
    expect(p.replica(next).status.view).toBe(next);
    const token = p.send(next);
    expect(p.outcomes.get(token)).toBe('committed');
  });

  it('stays in its view while the primary is there, or once anything was agreed', () => {
    const p = new Partition();
    p.tellLinks();
    expect(p.replica(1).status.view).toBe(0);
    p.send(0);
    p.run(60);
    p.crash(0);
    p.tellLinks();

    expect(p.replica(1).status).toMatchObject({ view: 0, status: 'normal' });
  });
});

describe('a partition with a journal', () => {
  it('gives every message its offset once, the same on all replicas', () => {
    const p = new Partition();
    const tokens = Array.from({ length: 20 }, () => p.send(0));
    p.run(60);

    expect(tokens.every((token) => p.outcomes.get(token) === 'committed')).toBe(true);
    for (const { machine } of p.nodes) expect(machine.segments).toHaveLength(20);
  });

  it('refuses requests where it does not lead', () => {
    const p = new Partition();

    expect(p.outcomes.get(p.send(1))).toBe('refused');
  });

  it('begins its log with the genesis value of its incarnation', () => {
    const p = new Partition();
    p.send(0);

    expect(p.replica(0).state.log.get(1)?.parent).toBe(genesisParent(group, 9n));
  });

  it('03-S59 takes nothing from an earlier incarnation', () => {
    const old = new Partition('durable', 3, 8);
    const recycled = new Partition('durable', 3, 9);
    const frames: Uint8Array[] = [];
    old.lost = ({ frame }) => {
      frames.push(frame);
      return false;
    };
    old.send(0);
    old.run(60);
    for (const frame of frames) {
      for (const index of [1, 2]) {
        recycled.replica(index).step({ kind: 'frame', frame, now: 1000 });
      }
    }

    const { ignored } = recycled.replica(1).counters;
    expect(ignored.get('stale_incarnation')).toBeGreaterThan(0);
    expect(recycled.replica(1).status.commitMin).toBe(0);
    expect(recycled.replica(1).state.runTop).toBe(0);
    recycled.send(0);
    recycled.run(120);
    expect(recycled.isEven()).toBe(true);
    expect(recycled.replica(1).status.commitMin).toBe(1);
  });

  it('restarts from its journal without being asked for anything', () => {
    const p = new Partition();
    for (let i = 0; i < 300; i++) p.send(0);
    p.run(60);
    p.flush(2);
    for (let i = 0; i < 10; i++) p.send(0);
    expect(p.node(2).journal.length).toBeLessThan(100);
    expect(p.node(2).anchor).toBeDefined();
    p.crash(2);
    p.start(2);
    expect(p.replica(2).status.commitMin).toBeGreaterThanOrEqual(300);
    p.runUntil(() => p.replica(2).status.status === 'normal' && p.isEven());

    expect(p.replica(2).counters.repairRounds).toBeLessThanOrEqual(1);
    expect(p.node(2).machine.segments).toHaveLength(310);
  });

  it('serves drained entries from memory', () => {
    const p = new Partition();
    p.cut.add(2);
    for (let i = 0; i < 300; i++) p.send(0);
    p.run(60);
    p.flush(0);
    p.flush(1);
    expect(p.replica(0).state.log.size).toBeLessThan(10);
    p.cut.clear();
    p.run(400);

    expect(p.isEven()).toBe(true);
    expect(p.node(2).machine.segments).toHaveLength(300);
  });

  it('03-S54 rewinds its offsets with a suffix that a new view discards', () => {
    const p = new Partition();
    p.send(0);
    p.run(60);
    p.cut.add(0);
    p.send(0);
    p.send(0);
    p.runUntil(() => p.nodes.slice(1).some(({ replica }) => replica?.status.isActingPrimary));
    p.send(1);
    p.cut.clear();
    p.runUntil(() => p.replica(0).status.status === 'normal' && p.isEven());
    p.run(60);

    expect(p.node(0).machine.segments).toEqual(p.node(1).machine.segments);
    p.send(p.primary);
    p.run(60);
    for (const { machine } of p.nodes) expect(machine.segments).toHaveLength(3);
  });

  it('repairs above entries that were given up, whatever offsets those say', () => {
    const p = new Partition();
    p.send(0);
    p.run(60);
    p.cut.add(0);
    for (let i = 0; i < 3; i++) p.send(0, 9);
    p.runUntil(() => p.nodes.slice(1).some(({ replica }) => replica?.status.isActingPrimary));
    for (let i = 0; i < 6; i++) p.send(1);
    p.run(60);
    p.cut.clear();
    p.runUntil(() => p.replica(0).status.status === 'normal' && p.isEven(), 2000);

    expect(p.replica(0).status.commitMin).toBe(7);
    expect(p.node(0).machine.segments).toEqual(p.node(1).machine.segments);
  });

  it('03-S61 acknowledges and serves nothing before a committed purge is carried out', () => {
    const p = new Partition();
    p.node(1).machine.isPurging = true;
    p.node(2).machine.isPurging = true;
    const token = p.send(0);
    expect(p.outcomes.get(token)).toBeUndefined();
    p.node(2).machine.isPurging = false;
    p.run(60);

    expect(p.outcomes.get(token)).toBe('committed');
  });

  it('03-S62 commits whatever happens to another group', () => {
    const [stuck, free] = [new Partition(), new Partition('durable', 3, 10)];
    stuck.lost = ({ frame }) => frame[60] === Command.PrepareOk;
    const tokens = [stuck.send(0), free.send(0)];
    stuck.run(60);

    expect(stuck.outcomes.has(tokens[0] ?? 0)).toBe(false);
    expect(free.outcomes.get(tokens[1] ?? 0)).toBe('committed');
  });

  it('makes an offset frontier durable on request', () => {
    const p = new Partition();
    p.send(0);
    const effects = p.replica(0).step({ kind: 'persist-frontier', token: 4 });
    const write = effects.find((effect) => effect.kind === 'superblock-write');
    if (write?.kind !== 'superblock-write') throw new Error('no write');
    expect(write.record.offsetFrontier).toBe(1);

    expect(
      p.replica(0).step({ kind: 'superblock-done', write: write.write, ok: true }),
    ).toContainEqual({ kind: 'frontier-durable', token: 4 });
  });
});

describe('a partition that is removed', () => {
  it('tells everybody who waits for it', () => {
    const p = new Partition();
    p.lost = ({ frame }) => frame[60] === Command.PrepareOk;
    const tokens = Array.from({ length: 40 }, () => p.send(0));
    expect(tokens.every((token) => p.outcomes.get(token) === undefined)).toBe(true);

    const effects = p.replica(0).step({ kind: 'removed' });

    const told = effects.flatMap((effect) => (effect.kind === 'outcome' ? [effect.token] : []));
    expect(told.sort((a, b) => a - b)).toEqual(tokens);
  });
});

describe('a partition whose ids were used before', () => {
  it('believes no commit point of a late prepare from the incarnation before', () => {
    const late: Uint8Array[] = [];
    const old = new Partition('durable', 3, 8);
    old.lost = ({ to, frame }) => {
      if (to === 2 && frame[60] === Command.Prepare) late.push(frame.slice());
      return false;
    };
    for (let i = 0; i < 5; i++) old.send(0);

    const p = new Partition('durable', 3, 9);
    p.lost = ({ frame }) => frame[60] === Command.PrepareOk;
    for (const frame of late) p.replica(2).step({ kind: 'frame', frame, from: 0, now: 1000 });
    const token = p.send(0);

    expect(p.replica(2).status).toMatchObject({ head: 1, commitMax: 0, commitMin: 0 });
    expect(p.outcomes.get(token)).toBeUndefined();
    p.lost = () => false;
    p.runUntil(() => p.replica(2).status.commitMin === 1);
  });
});

describe('a partition in memory mode', () => {
  it('writes no journal', () => {
    const p = new Partition('memory');
    const token = p.send(0);
    p.run(60);

    expect(p.outcomes.get(token)).toBe('committed');
    expect(p.node(0).journal).toEqual([]);
    expect(p.isEven()).toBe(true);
  });

  it('accepts the floor of a peer when the own segments connect to it', () => {
    const p = new Partition('memory');
    for (let i = 0; i < 300; i++) p.send(0);
    p.run(60);
    for (const index of [0, 1, 2]) p.flush(index);
    for (const index of [0, 1]) {
      const { evicted } = p.replica(index).state;
      for (const op of evicted.ops()) evicted.remove(op);
    }
    p.crash(2);
    p.start(2);
    expect(p.replica(2).status.commitMin).toBe(0);
    p.runUntil(() => p.replica(2).status.commitMin === 300);

    p.send(0);
    p.run(60);
    expect(p.node(2).machine.segments).toHaveLength(301);
  });

  it('03-S65 a replica without its journal does not vote acknowledged messages away', () => {
    const p = new Partition('memory');
    p.send(0);
    p.run(60);
    // Committed on 0 and 1; 1 restarts; 0 dies.
    p.lost = ({ to, frame }) => to === 2 && frame[60] === Command.Prepare;
    const token = p.send(0);
    expect(p.outcomes.get(token)).toBe('committed');
    p.lost = () => false;
    p.crash(1);
    p.crash(0);
    p.start(1);
    p.run(3000);

    expect(p.primary).toBe(-1);
    p.start(0);
    p.run(3000);
    expect(p.replica(1).status.lostUpTo).toBe(0);
  });

  it('03-S65 unless all replicas are known to have lost theirs', () => {
    const p = new Partition('memory');
    p.send(0);
    p.run(60);
    p.crash(0);
    p.runUntil(() => p.primary === 1);
    p.send(1);
    p.start(0);
    p.runUntil(() => p.replica(0).status.status === 'normal' && p.isEven());
    expect(p.node(0).superblock?.lostUpTo).toBeGreaterThan(0);
    for (const index of [0, 1, 2]) p.flush(index);
    for (const index of [0, 1, 2]) p.crash(index);
    for (const index of [0, 1, 2]) p.start(index);
    p.runUntil(() => p.primary >= 0, 4000);

    expect(p.outcomes.get(p.send(p.primary))).toBe('committed');
    p.run(120);
    expect(p.isEven()).toBe(true);
  });

  it('begins anew with a replica that came to life after the others had lost their logs', () => {
    const p = new Partition('memory');
    p.send(0);
    p.run(60);
    p.crash(0);
    p.runUntil(() => p.primary === 1);
    p.start(0);
    p.runUntil(() => p.replica(0).status.status === 'normal' && p.isEven());
    for (const index of [0, 1, 2]) p.crash(index);
    // The third never held anything, so it has nothing to say that it lost.
    Object.assign(p.node(2), { superblock: undefined, segments: [] });
    for (const index of [0, 1, 2]) p.start(index);
    p.runUntil(() => p.primary >= 0, 6000);

    expect(p.outcomes.get(p.send(p.primary))).toBe('committed');
  });

  it('03-S65 a new log goes on behind what was reserved on those that lost the old one', () => {
    const p = new Partition('memory');
    for (let i = 0; i < 3; i++) p.send(0);
    p.run(60);
    for (const index of [0, 2]) {
      const { superblock } = p.node(index);
      if (superblock === undefined) throw new Error('no record');
      p.node(index).superblock = { ...superblock, offsetFrontier: 40 };
    }
    for (const index of [0, 1, 2]) p.crash(index);
    // The third never held the log: nothing is reserved there.
    Object.assign(p.node(1), { superblock: undefined, segments: [] });
    for (const index of [0, 1, 2]) p.start(index);
    p.runUntil(() => p.primary >= 0, 6000);
    // It tells the others before it dies, with nothing in the log that says so.
    p.run(200);
    const first = p.primary;
    for (const { machine } of p.nodes) expect(machine.floor).toBe(40);
    p.crash(first);
    p.runUntil(() => p.primary >= 0 && p.primary !== first, 6000);
    p.send(p.primary);
    p.run(120);

    expect(p.node(p.primary).machine.segments.lastIndexOf(-1)).toBe(39);
    expect(p.node(p.primary).machine.segments).toHaveLength(41);
  });

  it('03-S65 a replica that rejoins a log that goes on leaves no gap when it leads', () => {
    const p = new Partition('memory');
    p.run(1);
    const record = p.node(1).superblock;
    if (record === undefined) throw new Error('no record');
    p.crash(1);
    p.node(1).superblock = { ...record, offsetFrontier: 40 };
    p.start(1);
    p.runUntil(() => p.replica(1).state.amnesia === 'none');
    p.crash(0);
    p.runUntil(() => p.primary === 1);
    p.send(1);
    p.run(60);

    expect(p.node(1).machine.segments).toEqual([0]);
  });

  it('03-S65 a new log begins in a view above all that the lost one may have reached', () => {
    const p = new Partition('memory');
    p.send(0);
    p.run(60);
    const record = p.node(2).superblock;
    if (record === undefined) throw new Error('no record');
    for (const index of [0, 1, 2]) p.crash(index);
    p.node(2).superblock = { ...record, view: 9, logView: 9 };
    for (const index of [0, 1, 2]) p.start(index);
    p.lost = ({ from, frame }) => from === 2 && frame[60] !== Command.RequestStartView;
    p.runUntil(() => p.primary >= 0, 6000);

    expect(p.replica(p.primary).status.logView).toBeGreaterThan(9);
  });

  it('acknowledges nothing that is not durably reserved', () => {
    const p = new Partition('memory');
    const { machine } = p.node(1);
    machine.mayAcknowledge = () => false;
    p.node(2).machine.mayAcknowledge = () => false;
    const token = p.send(0);
    p.run(60);
    expect(p.outcomes.has(token)).toBe(false);
    machine.mayAcknowledge = () => true;
    p.run(200);

    expect(p.outcomes.get(token)).toBe('committed');
  });

  it('is led by those that never held anything with one that did, while the lost ones wait', () => {
    const p = new Partition('memory', 5);
    p.cut.add(3).add(4);
    const token = p.send(0);
    expect(p.outcomes.get(token)).toBe('committed');
    p.cut.clear();
    p.cut.add(0);
    for (const index of [1, 2]) p.crash(index);
    for (const index of [1, 2]) p.start(index);
    p.run(2000);
    expect(p.primary === 0 || p.primary < 0).toBe(true);
    p.cut.clear();
    p.runUntil(() => p.isEven() && p.replica(4).status.commitMin === 1, 6000);

    expect(p.replica(1).state.amnesia).toBe('none');
  });

  it('is followed by one that lost its log when it had asked for the next view', () => {
    const p = new Partition('memory');
    p.send(0);
    p.run(60);
    const record = p.node(2).superblock;
    if (record === undefined) throw new Error('no record');
    p.crash(2);
    p.node(2).superblock = { ...record, view: 1 };
    p.start(2);
    p.runUntil(() => p.replica(2).status.status === 'normal' && p.isEven());

    expect(p.replica(2).status.view).toBeGreaterThanOrEqual(1);
    expect(p.outcomes.get(p.send(p.primary))).toBe('committed');
  });

  it('forgets the commit point of a log that all replicas have lost', () => {
    const p = new Partition('memory');
    for (let i = 0; i < 3; i++) p.send(0);
    p.run(60);
    const record = p.node(2).superblock;
    if (record === undefined) throw new Error('no record');
    p.node(2).superblock = { ...record, commitMax: 3, lostUpTo: 3 };
    for (const index of [0, 1, 2]) p.crash(index);
    for (const index of [0, 1, 2]) p.start(index);
    // The third tells that it lost its log and hears too little to begin the new one with the others.
    p.lost = ({ from, to, frame }) => {
      if (from === 2) return frame[60] !== Command.RequestStartView;
      return to === 2 && frame[60] === Command.RequestStartView && from === 0;
    };
    p.runUntil(() => p.primary >= 0, 6000);
    p.lost = () => false;
    p.runUntil(() => p.replica(2).status.status === 'normal');

    expect(p.replica(2).status).toMatchObject({ head: 0, commitMax: 0, lostUpTo: 0 });
    expect(p.outcomes.get(p.send(p.primary))).toBe('committed');
    p.runUntil(() => p.isEven());
    expect(p.replica(2).status.commitMin).toBe(1);
  });

  it('learns what it may have lost from no StartView but the answer to its probe', () => {
    const p = new Partition('memory');
    p.crash(0);
    const early: Uint8Array[] = [];
    p.lost = ({ to, frame }) => {
      if (to === 2 && frame[60] === Command.StartView) early.push(frame.slice());
      return false;
    };
    p.runUntil(() => p.primary === 1);
    for (let i = 0; i < 5; i++) p.send(1);
    p.run(60);
    expect(early.length).toBeGreaterThan(0);
    p.crash(2);
    p.start(2);
    for (const frame of early) p.replica(2).step({ kind: 'frame', frame, from: 1, now: 1000 });
    expect(p.replica(2).status.status).toBe('recovering');
    p.runUntil(() => p.replica(2).status.status === 'normal');

    expect(p.replica(2).status.lostUpTo).toBe(5);
  });

  it('remembers up to which op it may have lost acknowledged entries', () => {
    const p = new Partition('memory');
    for (let i = 0; i < 5; i++) p.send(0);
    p.run(60);
    p.crash(2);
    p.start(2);
    p.runUntil(() => p.replica(2).status.status === 'normal');

    expect(p.replica(2).status.lostUpTo).toBe(5);
    expect(p.node(2).superblock?.lostUpTo).toBe(5);
  });
});

describe('a joining replica', () => {
  it('neither votes nor acknowledges until it has caught up', () => {
    const p = new Partition();
    for (let i = 0; i < 5; i++) p.send(0);
    p.run(60);
    p.crash(2);
    Object.assign(p.node(2), { journal: [], superblock: undefined, segments: [] });
    p.start(2, { joining: true });
    expect(p.replica(2).status.status).toBe('recovering');
    const acks: number[] = [];
    p.lost = ({ from, frame }) => {
      if (from === 2 && frame[60] === Command.PrepareOk) acks.push(1);
      return frame[60] === Command.RequestPrepares;
    };
    p.runUntil(() => p.replica(2).status.status === 'normal');
    p.send(0);
    p.run(30);
    expect(acks).toEqual([]);
    expect(p.rejoined.has(2)).toBe(false);
    p.lost = () => false;
    p.runUntil(() => p.rejoined.has(2));

    expect(p.replica(2).status.commitMin).toBeGreaterThanOrEqual(5);
    expect(p.node(2).superblock?.lostUpTo).toBeGreaterThanOrEqual(5);
  });

  it('may have lost no more than the log of a later view has', () => {
    const p = new Partition('durable', 5);
    for (let i = 0; i < 5; i++) p.send(0);
    p.run(60);
    // Three more that nobody else gets, but a wiped replica is told of.
    p.lost = ({ frame }) => frame[60] === Command.Prepare;
    for (let i = 0; i < 3; i++) p.send(0);
    p.crash(2);
    Object.assign(p.node(2), { journal: [], superblock: undefined, segments: [] });
    p.start(2, { joining: true });
    p.runUntil(() => p.rejoined.has(2));
    expect(p.replica(2).status).toMatchObject({ head: 8, commitMin: 5, lostUpTo: 8 });
    p.crash(0);
    p.lost = () => false;
    p.runUntil(() => p.primary > 0);
    p.run(60);

    expect(p.replica(2).status).toMatchObject({ head: 5, lostUpTo: 5 });
    expect(p.node(2).superblock?.lostUpTo).toBe(5);
    expect(p.outcomes.get(p.send(p.primary))).toBe('committed');
  });

  it('03-S65 in memory takes the files of others before it follows a log that they began anew', () => {
    const p = new Partition('memory');
    for (let i = 0; i < 3; i++) p.send(0);
    p.run(60);
    for (const index of [0, 1]) p.flush(index);
    for (const index of [0, 1, 2]) p.crash(index);
    Object.assign(p.node(2), { superblock: undefined, segments: [] });
    p.start(2, { joining: true });
    p.run(500);
    for (const index of [0, 1]) p.start(index);
    // All have lost the log: the others may begin a new one, and it has what they had written.
    p.runUntil(() => p.primary >= 0 && p.rejoined.has(2), 6000);
    expect(p.primary).not.toBe(2);
    expect(p.node(2).machine.segments).toEqual([0, 1, 2]);
    p.send(p.primary);
    p.run(120);

    const { segments } = p.node(p.primary).machine;
    expect(segments.slice(0, 3)).toEqual([0, 1, 2]);
    for (const { machine } of p.nodes) expect(machine.segments).toEqual(segments);
  });

  it('03-S65 in memory asks again where nothing is offered yet, and does not follow the log before', () => {
    const p = new Partition('memory');
    for (let i = 0; i < 3; i++) p.send(0);
    p.run(60);
    p.crash(2);
    Object.assign(p.node(2), { superblock: undefined, segments: [] });
    const { artifacts } = p.node(0).machine;
    const offer = artifacts.offer.bind(artifacts);
    Object.assign(artifacts, { offer: () => undefined });
    p.start(2, { joining: true });
    p.runUntil(() => p.replica(2).status.status === 'normal');
    p.send(0);
    p.run(500);
    expect(p.replica(2).status).toMatchObject({ commitMin: 0, transferStage: 'awaiting-target' });
    Object.assign(artifacts, { offer });
    p.runUntil(() => p.rejoined.has(2));

    expect(p.node(2).machine.segments).toEqual([0, 1, 2, 3]);
  });

  it('keeps asking instead of electing', () => {
    const p = new Partition();
    p.send(0);
    p.run(60);
    for (const index of [0, 1, 2]) p.crash(index);
    Object.assign(p.node(2), { journal: [], superblock: undefined, segments: [] });
    p.start(2, { joining: true });
    p.run(3000);

    expect(p.replica(2).status).toMatchObject({ status: 'recovering', view: 0 });
  });
});
