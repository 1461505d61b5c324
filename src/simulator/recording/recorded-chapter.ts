import { groupLabel, type RecordedEntry, type RecordedInput } from '../../wire/index.js';
import { ChapterReplay, type Divergence } from './replay-chapter.js';

/** What became of one chapter: one life of one replica. */
export interface ReplayedChapter {
  readonly node: number;
  /** `metadata`, or `partition` with its ids. */
  readonly group: string;
  /**
   * `identical`: all digests were the same. `replayed`: there was none to compare. `diverged`: one
   * was not the same. `beheaded`: its beginning was overwritten. `unrecorded`: the recorder left it
   * out. The last two are not replayed.
   */
  readonly result: 'identical' | 'replayed' | 'diverged' | 'beheaded' | 'unrecorded';
  readonly inputs: number;
  readonly digests: number;
  /** The recording has its end. */
  readonly isComplete: boolean;
  /** How the replica stands after the last input. */
  readonly state?: string;
  readonly divergence?: Divergence;
  /** Why it was not recorded. */
  readonly reason?: string;
}

/** An input that is about to be replayed. */
export interface ReplayedInput {
  readonly node: number;
  readonly group: string;
  /** Counts from 1 in each chapter. */
  readonly number: number;
  readonly input: RecordedInput;
}

/** How much of a recording is replayed. */
export interface ReplayRecordingOptions {
  /** Inputs of each chapter after this one are left out. */
  readonly until?: number;
  /** Sees every input that is about to be replayed. */
  onInput?(input: ReplayedInput): void;
}

/** One life of one replica, as its records come. */
export interface Chapter {
  add(input: RecordedInput): void;
  result(): ReplayedChapter;
}

/** What is made of a chapter, by its first record. @throws RECORDING_NEWER, CONSENSUS_CONFIG_INVALID */
export function chapterOf({ input }: RecordedEntry, options: ReplayRecordingOptions): Chapter {
  if (input.kind === 'begin') return new WholeChapter(input.value, options);
  return new LackingChapter();
}

class WholeChapter implements Chapter {
  readonly #replay: ChapterReplay;
  readonly #options: ReplayRecordingOptions;
  readonly #node: number;
  readonly #group: string;
  #seen = 0;

  constructor(
    begin: Extract<RecordedInput, { kind: 'begin' }>['value'],
    options: ReplayRecordingOptions,
  ) {
    this.#options = options;
    this.#replay = new ChapterReplay(begin, options.until ?? Number.POSITIVE_INFINITY);
    this.#node = begin.node;
    this.#group = groupLabel(begin.config.group);
  }

  add(input: RecordedInput): void {
    if (input.kind === 'begin') return;
    this.#replay.add(input);
    if (!isInput(input)) return;
    this.#seen += 1;
    const { onInput, until = this.#seen } = this.#options;
    if (this.#seen > until) return;
    onInput?.({ node: this.#node, group: this.#group, number: this.#seen, input });
  }

  result(): ReplayedChapter {
    const replay = this.#replay;
    replay.finish();
    const { inputs, digests, divergence, hasEnded, state } = replay;
    return {
      node: this.#node,
      group: this.#group,
      result: this.#verdict(),
      ...{ inputs, digests, isComplete: hasEnded, state },
      ...(divergence !== undefined && { divergence }),
    };
  }

  #verdict(): ReplayedChapter['result'] {
    const { divergence, digests } = this.#replay;
    // One that did not start then either was told nothing.
    if (divergence !== undefined && this.#seen > 0) return 'diverged';
    return digests > 0 ? 'identical' : 'replayed';
  }
}

/** A chapter without its beginning, or one that was never written. */
class LackingChapter implements Chapter {
  #node = -1;
  #group = 'unknown';
  #inputs = 0;
  #isComplete = false;
  #reason: string | undefined;

  add(input: RecordedInput): void {
    if (isInput(input)) this.#inputs += 1;
    if (input.kind === 'end') this.#isComplete = true;
    if (input.kind !== 'digest' && input.kind !== 'end' && input.kind !== 'unrecorded') return;
    this.#node = input.value.node;
    this.#group = groupLabel(input.value.group);
    if (input.kind !== 'unrecorded') return;
    this.#reason = input.value.isEncrypted
      ? 'its messages are encrypted at rest'
      : `its files had ${input.value.bytes} bytes when it was opened`;
  }

  result(): ReplayedChapter {
    return {
      ...{ node: this.#node, group: this.#group, inputs: this.#inputs, digests: 0 },
      result: this.#reason === undefined ? 'beheaded' : 'unrecorded',
      isComplete: this.#isComplete,
      ...(this.#reason !== undefined && { reason: this.#reason }),
    };
  }
}

/** Whether a record is something a replica or its machine was told. */
function isInput({ kind }: RecordedInput): boolean {
  return !['begin', 'digest', 'end', 'unrecorded', 'store-failed'].includes(kind);
}
