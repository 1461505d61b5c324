import { isZeroBytes } from '../base/index.js';
import { commitHeader } from '../wire/index.js';
import { FrameCounter } from './counting.js';
import type { DecodeCounts, DecoderOptions, DecoderSink } from './decoder-types.js';
import type { Check, FrameSource, FrameView, Reading } from './explain/frame-view.js';
import { explainOrigin } from './explain/origin.js';
import type { Answered, Pairing } from './explain/pairing.js';
import { explainPlain, readingOf } from './explain/plain.js';
import type { PrepareMemory } from './explain/prepare-memory.js';
import { type Explained, type ExplainOptions, explainVsr } from './explain/vsr.js';
import {
  type BadBytes,
  type CutFrame,
  type Family,
  headerSizes,
  type LaneSink,
  type PartialFrame,
} from './framing/family.js';

/** What the frames of one stream share. */
export interface StreamContext {
  readonly source: () => FrameSource;
  readonly pairing: Pairing;
  readonly counts: DecodeCounts;
  /** Shared by all streams of an input. */
  readonly prepares: PrepareMemory;
}

const none: readonly Reading[] = [];
const unpaired: Answered = { code: undefined, pair: undefined };

/** Turns the frames that are cut out of one stream into views. */
export class Explainer implements LaneSink {
  readonly #options: DecoderOptions;
  readonly #sink: DecoderSink;
  readonly #context: StreamContext;
  readonly #counter: FrameCounter | undefined;

  constructor(options: DecoderOptions, sink: DecoderSink, context: StreamContext) {
    this.#options = options;
    this.#sink = sink;
    this.#context = context;
    this.#counter = options.countOnly ? new FrameCounter(options, context.counts) : undefined;
  }

  frame(cut: CutFrame): void {
    const { counts, pairing } = this.#context;
    const { bytes, family, timeMicros } = cut;
    counts.frames += 1;
    counts.bytes += bytes.length;
    if (this.#counter !== undefined) {
      this.#counter.add(family, bytes);
      return;
    }
    const index = counts.next;
    counts.next += 1;
    const answered = pairing.add(family, bytes, index, timeMicros);
    const found = this.#explain(family, bytes, { whole: true, answers: answered.code });
    const explained = family === 'vsr' ? this.#compared(found, bytes) : found;
    const others = cut.alternatives;
    const readings = others.length === 0 ? none : others.map((other) => readingOf(other, bytes));
    this.#sink.frame({
      index,
      source: this.#context.source(),
      offset: cut.offset,
      length: explained.length,
      bytes,
      family,
      direction: explained.direction,
      timeMicros,
      command: explained.command,
      operation: explained.operation,
      status: explained.status,
      reason: explained.reason,
      header: explained.header,
      body: explained.body,
      checks: explained.checks,
      warnings: explained.warnings,
      problems: explained.problems,
      readings,
      pair: this.#options.pair ? answered.pair : undefined,
    });
  }

  bad(bad: BadBytes): void {
    const { header, family } = bad;
    if (header === undefined || family === undefined) {
      const { file, flow } = this.#context.source();
      const { offset, length, reason } = bad;
      this.#sink.bad({ file, flow, offset, length, reason });
      return;
    }
    const view = this.#damaged(family, header, bad);
    this.#context.counts.next += 1;
    this.#sink.frame({ ...view, problems: [bad.reason, ...view.problems] });
  }

  partial(partial: PartialFrame): void {
    const { bytes, family } = partial;
    const missing = partial.missing.map((each) => ({ framing: each.family, bytes: each.bytes }));
    const isShown = family !== undefined && bytes.length >= headerSizes[family];
    const view = isShown ? this.#damaged(family, bytes, partial) : undefined;
    this.#sink.partial({ view, present: bytes.length, missing });
  }

  warn(message: string): void {
    const { flow } = this.#context.source();
    this.#sink.warn(flow === undefined ? message : `${flow}: ${message}`);
  }

  /** Compares a heartbeat with the prepare at its commit point, and remembers prepares. */
  #compared(explained: Explained, bytes: Uint8Array): Explained {
    const { prepares } = this.#context;
    prepares.add(bytes);
    if (explained.header.layout !== 'Commit' || !hasCommitChecksum(bytes)) return explained;
    const matches = prepares.matches(bytes);
    if (matches === undefined) return explained;
    const commit: Check = { verdict: matches ? 'ok' : 'mismatch' };
    const warnings = matches
      ? []
      : ['commit_checksum is not the identity of the prepare at commit'];
    const checks = { ...explained.checks, commit };
    return { ...explained, checks, warnings: [...explained.warnings, ...warnings] };
  }

  /** The view of a frame that is not whole. */
  #damaged(
    family: Family,
    bytes: Uint8Array,
    at: { readonly offset: number; readonly timeMicros: number | undefined },
  ): FrameView {
    const explained = this.#explain(family, bytes, { whole: false, answers: unpaired.code });
    return {
      ...explained,
      ...{ index: this.#context.counts.next, source: this.#context.source(), bytes, family },
      ...{ offset: at.offset, timeMicros: at.timeMicros, readings: [], pair: undefined },
    };
  }

  #explain(
    family: Family,
    bytes: Uint8Array,
    rest: Pick<ExplainOptions, 'whole' | 'answers'>,
  ): Explained {
    const { verify, direction, layout } = this.#options;
    const options = { verify, direction, whole: rest.whole, answers: rest.answers };
    if (family !== 'vsr') return explainPlain(family, bytes, options);
    return layout === 'origin' ? explainOrigin(bytes, options) : explainVsr(bytes, options);
  }
}

function hasCommitChecksum(bytes: Uint8Array): boolean {
  const at = commitHeader.offsetOf.commitChecksum;
  return !isZeroBytes(bytes, at, at + 16);
}
