import type {
  RecoveredState,
  ReplicaEffect,
  ReplicaEvent,
  SuperblockWrite,
} from '../../../src/consensus/index.js';
import { xxh3 } from '../../../src/wire/index.js';
import { CounterMachine } from './counter-machine.js';

type DiskEffect = Extract<
  ReplicaEffect,
  { kind: 'journal-append' | 'journal-rewrite' | 'superblock-write' | 'snapshot-write' }
>;

/** What may go wrong with the next write of a kind. */
export type DiskFault = 'fail' | 'sync-fail' | 'stuck';

/** The durable files of one replica, and the writes that are on their way to them. */
export class SimDisk {
  journal: Uint8Array[] = [];
  superblock: SuperblockWrite | undefined;
  snapshot: Uint8Array | undefined;
  superblockWrites = 0;
  readonly faults = new Map<DiskEffect['kind'], DiskFault>();
  #pending: DiskEffect[] = [];

  submit(effect: DiskEffect): void {
    this.#pending.push(effect);
  }

  get hasPending(): boolean {
    return this.#nextReady() >= 0;
  }

  /** Completes the oldest write that is not stuck. */
  completeOne(): ReplicaEvent | undefined {
    const at = this.#nextReady();
    const [effect] = at < 0 ? [] : this.#pending.splice(at, 1);
    return effect === undefined ? undefined : this.#complete(effect);
  }

  /** Writes of one file keep their order: behind a stuck one nothing of that file moves. */
  #nextReady(): number {
    const blocked = new Set<string>();
    for (const [at, { kind }] of this.#pending.entries()) {
      const file = kind.startsWith('journal') ? 'journal' : kind;
      if (this.faults.get(kind) === 'stuck') blocked.add(file);
      else if (!blocked.has(file)) return at;
    }
    return -1;
  }

  /** A power cut: what was not completed is gone. */
  crash(): void {
    this.#pending = [];
  }

  recover(incarnation: bigint): RecoveredState {
    const { superblock, snapshot } = this;
    return {
      incarnation,
      entries: [...this.journal],
      ...(superblock === undefined ? {} : { superblock }),
      ...(snapshot === undefined
        ? {}
        : {
            snapshot: {
              op: new CounterMachine().snapshots.decode(snapshot).op,
              checksum: xxh3(snapshot),
              payload: snapshot,
            },
          }),
    };
  }

  #complete(effect: DiskEffect): ReplicaEvent {
    const { kind, write } = effect;
    const fault = this.faults.get(kind);
    if (kind === 'superblock-write') this.superblockWrites++;
    if (fault === undefined) this.#apply(effect);
    switch (kind) {
      case 'journal-append':
      case 'journal-rewrite': {
        const failure = fault === 'sync-fail' ? 'sync-failed' : 'append-failed';
        return { kind: 'journal-done', write, result: fault === undefined ? 'ok' : failure };
      }
      case 'superblock-write':
        return { kind: 'superblock-done', write, ok: fault === undefined };
      case 'snapshot-write':
        return { kind: 'snapshot-done', write, ok: fault === undefined };
    }
  }

  #apply(effect: DiskEffect): void {
    switch (effect.kind) {
      case 'journal-append':
        this.journal.push(...effect.entries);
        break;
      case 'journal-rewrite':
        this.journal = [...effect.entries];
        break;
      case 'superblock-write':
        this.superblock = effect.record;
        break;
      case 'snapshot-write':
        this.snapshot = effect.bytes;
        break;
    }
  }
}
