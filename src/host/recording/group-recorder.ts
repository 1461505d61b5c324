import {
  type RecoveredState,
  type Replica,
  type ReplicaConfig,
  type ReplicaEffect,
  type ReplicaEvent,
  sessionsDigest,
  stateDigest,
} from '../../consensus/index.js';
import type { InputSink } from '../../ports/index.js';
import { encode, inputRecord, type RecordedInput, type RecordedMachine } from '../../wire/index.js';
import type { NodeHostConfig } from '../node-host-config.js';
import { recordedConfig, recordedState } from './begin-record.js';
import { EffectHash } from './effect-hash.js';
import { recordedEvent, tailOfEvent } from './event-record.js';

/** Inputs between two digests. */
export const digestEvery = 1000;

/** What a recorded group is made of besides its replica. */
export interface RecordedGroup {
  readonly sink: InputSink;
  readonly node: number;
  readonly machine: RecordedMachine;
  /** Hash of the state machine. */
  digest(): bigint;
}

/** What the metadata group of a node is recorded with, if somebody wants it. */
export function recordMetadata(
  sink: InputSink | undefined,
  { node, root }: Pick<NodeHostConfig, 'node' | 'root'>,
  machine: { digest(): bigint },
): RecordedGroup | undefined {
  if (sink === undefined) return undefined;
  return {
    ...{ sink, node, machine: { kind: 'metadata', value: root } },
    digest: () => machine.digest(),
  };
}

/** The four digests of a group after an input. */
export interface GroupDigest {
  readonly state: bigint;
  readonly sessions: bigint;
  readonly machine: bigint;
  readonly effects: bigint;
}

/** Takes the digests of a group. */
export function groupDigest(
  replica: Replica,
  machine: { digest(): bigint },
  hash: EffectHash,
): GroupDigest {
  return {
    state: stateDigest(replica.state),
    sessions: sessionsDigest(replica.clientTable()),
    machine: machine.digest(),
    effects: hash.value,
  };
}

/**
 * Takes down what one replica, and the machine of its partition, are told: each input before it is
 * handled, and digests now and then.
 */
export class GroupRecorder {
  readonly hash = new EffectHash();
  readonly #group: RecordedGroup;
  readonly #config: ReplicaConfig;
  readonly #chapter: number;
  #replica: Replica | undefined;
  #inputs = 0;
  #hasEnded = false;

  constructor(group: RecordedGroup, config: ReplicaConfig, recovered: RecoveredState) {
    this.#group = group;
    this.#config = config;
    this.#chapter = group.sink.open();
    const { node, machine } = group;
    const value = {
      ...{ node, machine },
      config: recordedConfig(config),
      recovered: recordedState(recovered),
    };
    this.#write({ kind: 'begin', value });
  }

  /** Inputs so far. */
  get inputs(): number {
    return this.#inputs;
  }

  /** The replica of this chapter was made. */
  attach(replica: Replica): void {
    this.#replica = replica;
  }

  /** The replica is about to handle an event. */
  event(event: ReplicaEvent): void {
    this.#inputs += 1;
    this.#write(recordedEvent(event), tailOfEvent(event));
  }

  /** It did. */
  stepped(effects: readonly ReplicaEffect[]): void {
    this.hash.add(effects);
    this.acted();
  }

  /** The machine is about to be told something, or the replica. */
  input(input: RecordedInput): void {
    this.#inputs += 1;
    this.#write(input);
  }

  /** It was. */
  acted(): void {
    if (this.#inputs % digestEvery === 0) this.#digest();
  }

  /** An append or a read of the machine failed during the input under way. */
  storeFailed(failure: {
    readonly call: number;
    readonly isRead: boolean;
    readonly code: string;
    readonly isTorn: boolean;
  }): void {
    this.#write({ kind: 'store-failed', value: { input: this.#inputs, ...failure } });
  }

  /** Nothing comes any more. */
  end(): void {
    if (this.#hasEnded) return;
    this.#digest();
    this.#write({ kind: 'end', value: this.#whose });
    this.#hasEnded = true;
  }

  get #whose() {
    return { node: this.#group.node, group: this.#config.group };
  }

  #digest(): void {
    if (this.#replica === undefined) return;
    const digest = groupDigest(this.#replica, this.#group, this.hash);
    this.#write({ kind: 'digest', value: { ...this.#whose, input: this.#inputs, ...digest } });
  }

  #write(input: RecordedInput, tail?: Uint8Array): void {
    if (this.#hasEnded) return;
    this.#group.sink.add(encode(inputRecord(), { chapter: this.#chapter, input }), tail);
  }
}

/** Says that a group cannot be recorded, and why. */
export function noteLack(
  sink: InputSink,
  lack: {
    readonly node: number;
    readonly group: bigint;
    readonly isEncrypted: boolean;
    readonly bytes: number;
  },
): void {
  const input = { kind: 'unrecorded', value: lack } as const;
  sink.add(encode(inputRecord(), { chapter: sink.open(), input }));
}
