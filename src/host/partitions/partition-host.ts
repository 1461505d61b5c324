import type { ReplicaEffect, ReplicaEvent, ReplicaStatus } from '../../consensus/index.js';
import type {
  PartitionAddress,
  PartitionEffect,
  PartitionInfo,
  PartitionMachine,
} from '../../machine/index.js';
import type { DiskDone } from '../../ports/index.js';
import type { PartitionView } from '../../server/index.js';
import { GroupHost } from '../group-host.js';
import type { GroupRecorder } from '../recording/group-recorder.js';
import { replicaConfigOf } from '../replica-config.js';
import type { OpenedStorage } from '../storage/open-storage.js';
import type { PartitionContext } from './partition-context.js';
import { groupOf } from './partition-place.js';
import type { PartitionRecording } from './partition-recording.js';
import { partitionViewOf } from './partition-view.js';
import type { ScopedDisk } from './scoped-disk.js';

/** One partition on one node: its replica, its machine and the files of both. */
export class PartitionHost {
  readonly address: PartitionAddress;
  readonly group: number;
  readonly machine: PartitionMachine;
  readonly view: PartitionView;
  readonly #disk: ScopedDisk;
  readonly #context: PartitionContext;
  readonly #groupHost: GroupHost;
  readonly #recorder: GroupRecorder | undefined;
  #hasRejoined: boolean;
  /** Op applied at the last look, to find a quiet moment. */
  #seenOp: number;
  #isFlushed = true;

  /** @throws CONSENSUS_CONFIG_INVALID, RECOVERY_REFUSED */
  constructor(options: {
    readonly context: PartitionContext;
    readonly address: PartitionAddress;
    readonly machine: PartitionMachine;
    readonly disk: ScopedDisk;
    readonly storage: OpenedStorage;
    /** Metadata named the partition when the node started. */
    readonly isKnown: boolean;
    /** Absent = nothing is recorded. */
    readonly recording?: PartitionRecording | undefined;
  }) {
    const { context, address, machine, disk, recording } = options;
    const group = groupOf(address);
    const { revision } = address;
    const push = context.push;
    this.#context = context;
    this.address = address;
    this.group = group;
    this.machine = machine;
    this.#disk = disk;
    const joining = context.isJoining();
    this.#hasRejoined = !joining;
    this.#groupHost = new GroupHost({
      config: replicaConfigOf(context.config, { group, revision }),
      machine,
      incarnation: context.incarnation,
      joining,
      isKnown: options.isKnown,
      storage: options.storage,
      disk,
      directory: '',
      recording: recording?.groupOf(machine),
      reports: {
        journal: (writes, result) =>
          push({ kind: 'journal-done', group, revision, writes, result }),
        superblock: (write, ok) => push({ kind: 'superblock-done', group, revision, write, ok }),
        snapshot: (write, ok) => push({ kind: 'snapshot-done', group, revision, write, ok }),
      },
    });
    this.#recorder = this.#groupHost.recorder;
    if (this.#recorder !== undefined) recording?.store.attach(this.#recorder);
    this.view = partitionViewOf(this);
    this.#seenOp = this.status.commitMin;
  }

  get replica(): GroupHost['replica'] {
    return this.#groupHost.replica;
  }

  get status(): ReplicaStatus {
    return this.#groupHost.replica.status;
  }

  get hasRejoined(): boolean {
    return this.#hasRejoined;
  }

  get journalBytes(): number {
    return this.#groupHost.journalBytes;
  }

  /** Gives whether something was appended that waits for {@link flush}. */
  step(event: ReplicaEvent): boolean {
    for (const effect of this.#groupHost.step(event)) this.#perform(effect);
    this.performOwn();
    return this.#groupHost.hasUnflushed;
  }

  /** Writes what the turn appended as one batch. */
  flush(): void {
    this.#groupHost.flush();
  }

  /** Metadata changed: settings, deleted segments, purges. */
  update(info: PartitionInfo): void {
    this.#recorder?.input({ kind: 'update', value: info });
    this.machine.update(info);
    this.#acted();
  }

  /** A file operation of the machine has ended. */
  effectDone(id: number, ok: boolean): void {
    this.#recorder?.input({ kind: 'effect-done', value: { id, ok } });
    this.machine.effectDone(id, ok);
    this.#acted();
  }

  /** Once a second: old segments go, and what was applied is written in a quiet moment. */
  maintain(): void {
    this.#recorder?.input({ kind: 'trim' });
    this.machine.trim();
    this.#recorder?.acted();
    this.#keepGroups();
    const op = this.status.commitMin;
    if (op !== this.#seenOp) this.#isFlushed = false;
    else if (!this.#isFlushed) {
      this.#recorder?.input({ kind: 'flush' });
      this.machine.flush();
      this.#recorder?.acted();
      this.#isFlushed = true;
    }
    this.#seenOp = op;
    this.performOwn();
  }

  /** Removes expired and surplus segments. */
  clean(): void {
    const now = this.#context.now();
    this.#recorder?.input({ kind: 'clean', value: { now } });
    this.machine.clean(now);
    this.#acted();
  }

  /** Writes everything before a stop in order. */
  prepareStop(): void {
    this.#recorder?.input({ kind: 'prepare-stop' });
    this.machine.prepareStop();
    this.#acted();
  }

  /** Stores or deletes an offset on this replica alone; 0 or the refusal's status. */
  applyLocally(operation: number, body: Uint8Array): number {
    this.#recorder?.input({ kind: 'apply-locally', value: { operation, body } });
    const status = this.machine.applyLocally(operation, body);
    this.#acted();
    return status;
  }

  /** Metadata deleted a group. */
  dropGroup(group: number): void {
    this.#recorder?.input({ kind: 'drop-groups', value: { groups: [group], isSwept: false } });
    this.machine.dropGroup(group);
    this.#acted();
  }

  /** Nothing comes any more. */
  endRecording(): void {
    this.#recorder?.end();
  }

  setTracing(tracing: boolean): void {
    this.#groupHost.replica.setTracing(tracing);
  }

  /** Begins what the machine asked for since the last call; the first call begins its repairs. */
  performOwn(): void {
    for (let own = this.machine.takeEffects(); own.length > 0; own = this.machine.takeEffects()) {
      for (const effect of own) this.#performOwn(effect);
    }
  }

  /** Ends the partition and whatever waits for it; calls back once its directory is at rest. */
  close(idle: () => void): void {
    this.step({ kind: 'removed' });
    this.endRecording();
    this.#disk.close(idle);
  }

  /** The machine was told something, as the recorder knows. */
  #acted(): void {
    this.#recorder?.acted();
    this.performOwn();
  }

  /** Drops what is stored for groups that are no more. */
  #keepGroups(): void {
    const { stream, topic } = this.address;
    const { metadata } = this.#context;
    const isGone = (group: number) => metadata.wasGroupDeleted(stream, topic, group);
    const recorder = this.#recorder;
    if (recorder === undefined) {
      this.machine.keepGroups((group) => !isGone(group));
      return;
    }
    const groups = this.machine.storedGroups().filter(isGone);
    if (groups.length === 0) return;
    recorder.input({ kind: 'drop-groups', value: { groups, isSwept: true } });
    this.machine.keepGroups((group) => !isGone(group));
    recorder.acted();
  }

  #perform(effect: ReplicaEffect): void {
    const { ports } = this.#context;
    switch (effect.kind) {
      case 'send':
        ports.links.send(effect.to, effect.frame);
        break;
      case 'journal-append':
      case 'journal-rewrite':
      case 'superblock-write':
      case 'snapshot-write':
        this.#groupHost.write(effect);
        break;
      case 'outcome':
        if (effect.token < 0) break;
        this.#context.serve({
          kind: 'outcome',
          token: effect.token,
          outcome: effect.outcome,
          now: this.#context.now(),
        });
        break;
      case 'read-outcome':
        this.#context.serve({ now: this.#context.now(), ...effect });
        break;
      case 'trace':
        ports.trace(effect.event, BigInt(this.group));
        break;
      case 'frontier-durable':
        this.machine.effectDone(effect.token, true);
        break;
      case 'rejoined':
        this.#hasRejoined = true;
        this.#context.rejoined();
        break;
      case 'halt':
        this.#context.halt(effect.reason, `partition ${this.#disk.directory}: ${effect.detail}`);
        break;
    }
  }

  #performOwn(effect: PartitionEffect): void {
    switch (effect.kind) {
      case 'sync':
        this.#disk.sync(effect.file, this.#answer(effect.id));
        break;
      case 'replace':
        this.#disk.replace(effect.file, effect.bytes, this.#answer(effect.id));
        break;
      case 'truncate':
        this.#disk.truncate(effect.file, effect.length, this.#answer(effect.id));
        break;
      case 'move':
        this.#disk.move(effect.from, effect.to, this.#answer(effect.id));
        break;
      case 'remove':
        this.#disk.remove(effect.file, this.#answer(effect.id));
        break;
      case 'persist-frontier':
        this.#later({ kind: 'persist-frontier', token: effect.id });
        break;
      case 'flushed':
        this.#later({ kind: 'flushed', op: effect.op });
        break;
      case 'installed':
        this.#later({ kind: 'installed', ok: effect.ok });
        break;
      case 'unreadable': {
        const fields = { directory: this.#disk.directory, offset: effect.offset };
        const { log } = this.#context.ports;
        log.write({ level: 'error', event: 'MessagesNotDecrypted', fields });
        break;
      }
      case 'halt':
        this.#context.halt(effect.reason, `partition ${this.#disk.directory}: ${effect.detail}`);
        break;
    }
  }

  #answer(id: number): DiskDone {
    const { group } = this;
    const { revision } = this.address;
    return (failure) => {
      const ok = failure === undefined;
      this.#context.push({ kind: 'partition-effect-done', group, revision, id, ok });
    };
  }

  #later(event: ReplicaEvent): void {
    this.#context.later(this.group, this.address.revision, event);
  }
}
