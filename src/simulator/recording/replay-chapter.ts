import { Replica, type ReplicaEffect } from '../../consensus/index.js';
import {
  configOfRecord,
  digestEvery,
  EffectHash,
  eventOfRecord,
  type GroupDigest,
  groupDigest,
  stateOfRecord,
} from '../../host/index.js';
import type { RecordedBegin, RecordedInput, RecordedValue } from '../../wire/index.js';
import { type ReplayMachine, replayMachine } from './replay-machine.js';

/** Where a replay went another way than what was recorded. */
export interface Divergence {
  /** Number of the input after which it was seen. */
  readonly input: number;
  /** Number of the input after which all was the same for the last time; 0 = the beginning. */
  readonly since: number;
  /** Which digests differ, or what else happened. */
  readonly what: readonly string[];
}

const parts = ['state', 'sessions', 'machine', 'effects'] as const satisfies (keyof GroupDigest)[];

/** One life of one replica, told again what it was told. */
export class ChapterReplay {
  readonly begin: RecordedBegin;
  readonly #until: number;
  readonly #hash = new EffectHash();
  readonly #machine: ReplayMachine | undefined;
  readonly #replica: Replica | undefined;
  #pending: RecordedInput | undefined;
  #failures: RecordedValue<'store-failed'>[] = [];
  /** Effects of the last input that the machine hears of. */
  #effects: readonly ReplicaEffect[] = [];
  #compared = -1;
  #since = 0;
  inputs = 0;
  digests = 0;
  /** The recording has the end of this life. */
  hasEnded = false;
  divergence: Divergence | undefined;

  /**
   * @param until inputs after this one are left out
   * @throws RECORDING_NEWER, CONSENSUS_CONFIG_INVALID
   */
  constructor(begin: RecordedBegin, until: number) {
    this.begin = begin;
    this.#until = until;
    const config = configOfRecord(begin.config);
    try {
      this.#machine = replayMachine(begin.machine);
      const state = stateOfRecord(begin.recovered);
      this.#replica = new Replica(config, this.#machine.machine, state);
      this.#machine.settle();
    } catch (error) {
      this.#diverged([`it does not start: ${textOf(error)}`]);
    }
  }

  /** How the replica stands. */
  get state(): string {
    if (this.#replica === undefined) return 'not started';
    const { status, view, logView, head, commitMin, commitMax } = this.#replica.status;
    const flag = this.#replica.status.isHalted ? ' halted' : '';
    return `${status} v${view}/${logView} head ${head} commit ${commitMin}/${commitMax}${flag}`;
  }

  /** Takes the next record. Failures of an input stand behind it, so it waits for the record after. */
  add(record: RecordedInput): void {
    if (record.kind === 'store-failed') {
      this.#failures.push(record.value);
      return;
    }
    this.finish();
    if (record.kind === 'digest') this.#compare(record.value);
    else if (record.kind === 'end') this.hasEnded = true;
    else this.#pending = record;
  }

  /** Nothing comes any more. */
  finish(): void {
    const input = this.#pending;
    if (input === undefined) return;
    this.#pending = undefined;
    const failures = this.#failures;
    this.#failures = [];
    if (this.divergence !== undefined || this.inputs >= this.#until) return;
    try {
      this.#run(input, failures);
    } catch (error) {
      this.#diverged([`it throws: ${textOf(error)}`]);
    }
  }

  #run(input: RecordedInput, failures: readonly RecordedValue<'store-failed'>[]): void {
    const machine = this.#machine;
    const replica = this.#replica;
    if (machine === undefined || replica === undefined) return;
    this.#perform();
    this.inputs += 1;
    machine.begin(failures);
    const event = eventOfRecord(input);
    if (event === undefined) {
      if (!machine.tell(input)) this.#diverged([`a record of ${input.kind} is out of place`]);
      return;
    }
    this.#effects = replica.step(event);
    this.#hash.add(this.#effects);
  }

  /** What the host did behind an input, before the next one. */
  #perform(): void {
    const effects = this.#effects;
    this.#effects = [];
    for (const effect of effects) {
      if (effect.kind === 'frontier-durable') this.#machine?.frontierDurable(effect.token);
    }
    this.#machine?.settle();
  }

  #compare(recorded: RecordedValue<'digest'>): void {
    if (this.divergence !== undefined || recorded.input > this.#until) return;
    if (this.#replica === undefined || this.#machine === undefined) return;
    if (recorded.input !== this.inputs) {
      this.#diverged([`the recording counts ${recorded.input} inputs`]);
      return;
    }
    // One every so often is taken right behind an input, the last one when all was done.
    const isPeriodic = recorded.input % digestEvery === 0 && this.#compared !== recorded.input;
    if (!isPeriodic) this.#perform();
    this.#compared = recorded.input;
    this.digests += 1;
    const found = groupDigest(this.#replica, this.#machine, this.#hash);
    const differing = parts.filter((part) => found[part] !== recorded[part]);
    if (differing.length > 0) this.#diverged(differing);
    else this.#since = recorded.input;
  }

  #diverged(what: readonly string[]): void {
    this.divergence ??= { input: this.inputs, since: this.#since, what };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
