import type { DecodeCounts, DecoderInput, DecoderOptions, DecoderSink } from './decoder-types.js';
import type { FrameView } from './explain/frame-view.js';
import { InputDecoder } from './input-decoder.js';

/** Decodes any number of inputs, one after the other; frames are numbered through. */
export class Decoder {
  readonly counts: DecodeCounts = {
    ...{ frames: 0, next: 0, bytes: 0, malformed: 0, partialBytes: 0, warnings: 0 },
    kinds: new Map(),
  };
  readonly #options: DecoderOptions;
  readonly #sink: DecoderSink;
  #passed = 0;

  constructor(options: DecoderOptions, sink: DecoderSink) {
    this.#options = options;
    this.#sink = sink;
  }

  /** True when the wanted number of frames was shown: no more input is needed. */
  get done(): boolean {
    const { skip, limit } = this.#options;
    return this.#passed >= skip + limit;
  }

  /** Begins an input; the one before must have ended. */
  open(file: string | undefined): DecoderInput {
    const sink: DecoderSink = {
      frame: (view) => this.#frame(view),
      bad: (range) => {
        this.counts.malformed += 1;
        if (!this.done) this.#sink.bad(range);
      },
      partial: (partial) => {
        this.counts.partialBytes += partial.present;
        if ((partial.view?.problems.length ?? 0) > 0) this.counts.malformed += 1;
        if (!this.done) this.#sink.partial(partial);
      },
      warn: (message) => {
        this.counts.warnings += 1;
        if (!this.done) this.#sink.warn(message);
      },
    };
    return new InputDecoder(this.#options, sink, this.counts, file);
  }

  #frame(view: FrameView): void {
    if (view.problems.length > 0) this.counts.malformed += 1;
    this.counts.warnings += view.warnings.length;
    const { filter, skip } = this.#options;
    if (this.done || (filter !== undefined && !filter(view))) return;
    this.#passed += 1;
    if (this.#passed > skip) this.#sink.frame(view);
  }
}
