import type { StateMachine } from '../../consensus/index.js';
import { RecordedStore } from '../../host/index.js';
import type { PartitionConfig, PartitionEffect, PartitionMachine } from '../../machine/index.js';
import {
  CacheBudget,
  MetadataMachine,
  openPartition,
  partitionCounters,
} from '../../machine/index.js';
import type {
  RecordedInput,
  RecordedMachine,
  RecordedPartition,
  RecordedValue,
} from '../../wire/index.js';
import { RecordingError } from '../../wire/index.js';
import { ReplayStore } from './replay-store.js';

/** The state machine of a chapter, made again. */
export interface ReplayMachine {
  readonly machine: StateMachine;
  digest(): bigint;
  /** The next input begins. */
  begin(failures: readonly RecordedValue<'store-failed'>[]): void;
  /** Tells the machine something that does not come through its replica; false = it is no such input. */
  tell(input: RecordedInput): boolean;
  /** A frontier that the replica was asked to write is durable. */
  frontierDurable(token: number): void;
  /** Takes what the machine asks for. */
  settle(): void;
}

/** @throws RECORDING_DAMAGED when a partition cannot be opened with what is in the record */
export function replayMachine(recorded: RecordedMachine): ReplayMachine {
  if (recorded.kind === 'partition') return new ReplayedPartition(recorded.value);
  const machine = new MetadataMachine({ root: recorded.value });
  return {
    machine,
    digest: () => machine.digest(),
    begin: () => undefined,
    tell: () => false,
    frontierDurable: () => undefined,
    settle: () => void machine.takeChanges(),
  };
}

class ReplayedPartition implements ReplayMachine {
  readonly machine: PartitionMachine;
  readonly #recorded: RecordedPartition;
  readonly #files: ReplayStore;
  readonly #store: RecordedStore;
  /** What was asked for and not answered yet. */
  readonly #asked = new Map<number, PartitionEffect>();

  constructor(recorded: RecordedPartition) {
    this.#recorded = recorded;
    this.#files = new ReplayStore(recorded.files);
    this.#store = new RecordedStore(this.#files);
    const opened = openPartition(configOf(recorded, this.#store));
    if (opened.kind === 'damaged') {
      const text = `the files of a partition cannot be opened: ${opened.file}: ${opened.reason}`;
      throw new RecordingError('RECORDING_DAMAGED', text);
    }
    this.machine = opened.machine;
  }

  digest(): bigint {
    return this.machine.digest() ^ this.#store.hash.value;
  }

  begin(failures: readonly RecordedValue<'store-failed'>[]): void {
    this.#files.begin(failures);
  }

  frontierDurable(token: number): void {
    this.machine.effectDone(token, true);
  }

  settle(): void {
    for (const effect of this.machine.takeEffects()) {
      if ('id' in effect) this.#asked.set(effect.id, effect);
    }
  }

  tell(input: RecordedInput): boolean {
    const { machine } = this;
    switch (input.kind) {
      case 'update':
        machine.update(this.#infoOf(input.value));
        return true;
      case 'effect-done':
        this.#effectDone(input.value.id, input.value.ok);
        return true;
      case 'trim':
        machine.trim();
        return true;
      case 'clean':
        machine.clean(input.value.now);
        return true;
      case 'flush':
        machine.flush();
        return true;
      case 'drop-groups':
        this.#dropGroups(input.value);
        return true;
      case 'prepare-stop':
        machine.prepareStop();
        return true;
      case 'apply-locally':
        machine.applyLocally(input.value.operation, input.value.body.slice());
        return true;
      default:
        return false;
    }
  }

  #effectDone(id: number, ok: boolean): void {
    const effect = this.#asked.get(id);
    this.#asked.delete(id);
    if (ok && effect !== undefined) this.#files.perform(effect);
    this.machine.effectDone(id, ok);
  }

  #dropGroups({ groups, isSwept }: RecordedValue<'drop-groups'>): void {
    const gone = new Set(groups);
    if (isSwept) this.machine.keepGroups((group) => !gone.has(group));
    else for (const group of groups) this.machine.dropGroup(group);
  }

  #infoOf(update: RecordedValue<'update'>): Parameters<PartitionMachine['update']>[0] {
    const { stream, topic, partition, revision } = this.#recorded;
    return {
      ...{ stream, topic, partition, revision },
      ...update,
      ...{ createdAt: 0, consensusGroup: 0, counters: partitionCounters() },
    };
  }
}

function configOf(recorded: RecordedPartition, store: RecordedStore): PartitionConfig {
  const { stream, topic, partition, revision, settings, partitionsCount } = recorded;
  const { purgeGeneration, deletedUpToOffset, offsetFrontier, journaledFrom } = recorded;
  return {
    address: { stream, topic, partition, revision },
    ...{ settings, partitionsCount, store, purgeGeneration, deletedUpToOffset, offsetFrontier },
    ack: recorded.isInMemory ? 'memory' : 'fsync',
    cache: new CacheBudget(),
    keepsBodies: true,
    counters: partitionCounters(),
    ...(journaledFrom !== null && { journaledFrom }),
    ...(recorded.isJournalWhole && { isJournalWhole: true }),
    ...(recorded.isRefilled && { isRefilled: true }),
    hasPeers: recorded.hasPeers,
  };
}
