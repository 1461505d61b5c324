import type { FrameView } from './explain/frame-view.js';
import type { Filter } from './filter/filter.js';
import type { FormName } from './forms/form.js';
import type { Direction, FramingChoice } from './framing/family.js';

/** How inputs are decoded. */
export interface DecoderOptions {
  readonly form: FormName | 'auto';
  readonly framing: FramingChoice;
  readonly layout: 'current' | 'origin';
  /** Who sent the frames, where the person knows. */
  readonly direction: Direction | undefined;
  /** Ports of the connections of a capture that matter; empty = all. Asked at its first packet. */
  readonly ports: () => readonly number[];
  readonly verify: boolean;
  readonly resync: boolean;
  /** Tie replies to requests in what is shown. */
  readonly pair: boolean;
  readonly filter: Filter | undefined;
  /** Frames to leave out at the start, of those that pass the filter. */
  readonly skip: number;
  /** Frames to show at most. */
  readonly limit: number;
  /** Only count: bodies are not decoded and no frame is handed out. */
  readonly countOnly: boolean;
}

/** A frame whose end is missing. */
export interface PartialView {
  /** The header and what is known of it, when it is there. */
  readonly view: FrameView | undefined;
  /** Bytes that are there. */
  readonly present: number;
  /** Bytes missing, at least, under each framing that is possible. */
  readonly missing: readonly { readonly framing: string; readonly bytes: number }[];
}

/** Bytes that are no frame. */
export interface BadRange {
  readonly file: string | undefined;
  readonly flow: string | undefined;
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
}

/** Where a decoder puts what it finds, in order of the input. */
export interface DecoderSink {
  /** A frame, good or damaged; valid during the call only. */
  frame(view: FrameView): void;
  bad(range: BadRange): void;
  partial(partial: PartialView): void;
  warn(message: string): void;
}

/** How often one kind of frame occurred. */
export interface KindCount {
  readonly command: string;
  readonly operation: string | undefined;
  count: number;
  bytes: number;
}

/** What was found so far. */
export interface DecodeCounts {
  /** Complete frames. */
  frames: number;
  /** Index of the next frame; damaged headers have one too. */
  next: number;
  /** Bytes of these frames. */
  bytes: number;
  /** Frames and ranges of bytes with something wrong. */
  malformed: number;
  /** Bytes of frames that end outside of the input. */
  partialBytes: number;
  /** Frames or ranges that a warning was given about. */
  warnings: number;
  readonly kinds: Map<number, KindCount>;
}

/** One input being decoded. */
export interface DecoderInput {
  /** @throws INPUT_FORM, INPUT_CAPTURE */
  push(chunk: Uint8Array): void;
  /** Nothing came for a while: hands out what was held back. */
  idle(): void;
  /** @throws INPUT_EMPTY, INPUT_FORM */
  end(): void;
  /** The form of the input, once it is known. */
  readonly form: FormName | undefined;
}
