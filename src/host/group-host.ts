import {
  Replica,
  type ReplicaConfig,
  type ReplicaEffect,
  type ReplicaEvent,
  type StateMachine,
} from '../consensus/index.js';
import type { Disk } from '../ports/index.js';
import { encodeSnapshotFile } from '../wire/index.js';
import { GroupRecorder, type RecordedGroup } from './recording/group-recorder.js';
import { inside } from './storage/inside.js';
import { JournalFile, type JournalReport } from './storage/journal-file.js';
import type { OpenedStorage } from './storage/open-storage.js';
import { SuperblockFile } from './storage/superblock-file.js';

/** What became of the writes of a group; handed to the node's input queue. */
export interface GroupReports {
  readonly journal: JournalReport;
  superblock(write: number, ok: boolean): void;
  snapshot(write: number, ok: boolean): void;
}

/** Effects that concern the group's own files. */
export type StorageEffect = Extract<
  ReplicaEffect,
  { kind: 'journal-append' | 'journal-rewrite' | 'superblock-write' | 'snapshot-write' }
>;

/** One consensus group on one node: the replica and its files. */
export class GroupHost {
  readonly replica: Replica;
  /** Absent = nothing is recorded. */
  readonly recorder: GroupRecorder | undefined;
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #reports: GroupReports;
  readonly #journal: JournalFile;
  readonly #superblock: SuperblockFile;
  #hasUnflushed = false;

  /** @throws CONSENSUS_CONFIG_INVALID, RECOVERY_REFUSED */
  constructor(options: {
    readonly config: ReplicaConfig;
    readonly machine: StateMachine;
    readonly incarnation: bigint;
    readonly joining: boolean;
    /** The group existed before this boot; see {@link RecoveredState}. */
    readonly isKnown?: boolean;
    readonly storage: OpenedStorage;
    readonly disk: Disk;
    readonly directory: string;
    readonly reports: GroupReports;
    /** Absent = nothing is recorded. */
    readonly recording?: RecordedGroup | undefined;
  }) {
    const { config, storage, disk, directory, reports, recording } = options;
    this.#disk = disk;
    this.#directory = directory;
    this.#reports = reports;
    this.#journal = new JournalFile(
      disk,
      inside(directory, 'journal.wal'),
      storage.journal,
      reports.journal,
    );
    this.#superblock = new SuperblockFile({
      disk,
      directory,
      identity: config,
      position: storage.superblock,
      report: (write, ok) => reports.superblock(write, ok),
    });
    // What a known group held in memory is gone, also where the crash came before its first record.
    const isForgetful = options.isKnown === true && config.durability === 'memory';
    const recovered = {
      ...storage.state,
      ...(isForgetful && { journalLost: true }),
      incarnation: options.incarnation,
      joining: options.joining,
      isKnown: options.isKnown === true,
    };
    this.recorder = recording && new GroupRecorder(recording, config, recovered);
    this.replica = new Replica(config, options.machine, recovered);
    this.recorder?.attach(this.replica);
  }

  /** Bytes of the journal file. */
  get journalBytes(): number {
    return this.#journal.length;
  }

  step(event: ReplicaEvent): readonly ReplicaEffect[] {
    const { recorder } = this;
    if (recorder === undefined) return this.replica.step(event);
    recorder.event(event);
    const effects = this.replica.step(event);
    recorder.stepped(effects);
    return effects;
  }

  /** Performs an effect on the group's files; journal appends wait for {@link flush}. */
  write(effect: StorageEffect): void {
    switch (effect.kind) {
      case 'journal-append':
        this.#journal.append(effect.write, effect.entries);
        this.#hasUnflushed = true;
        break;
      case 'journal-rewrite':
        this.#journal.rewrite(effect.write, effect.entries, effect.anchor);
        this.#hasUnflushed = true;
        break;
      case 'superblock-write':
        this.#superblock.write(effect.write, effect.record);
        break;
      case 'snapshot-write': {
        const { write } = effect;
        const path = inside(this.#directory, 'snapshot.bin');
        this.#disk.replace(path, encodeSnapshotFile(effect.bytes), (failure) => {
          this.#reports.snapshot(write, failure === undefined);
        });
        break;
      }
    }
  }

  /** Whether something waits for {@link flush}. */
  get hasUnflushed(): boolean {
    return this.#hasUnflushed;
  }

  /** Writes what the turn brought as one batch. */
  flush(): void {
    if (!this.#hasUnflushed) return;
    this.#hasUnflushed = false;
    this.#journal.flush();
  }
}
