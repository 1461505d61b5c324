import { formError } from '../errors.js';
import { largestFrame } from '../framing/family.js';
import { type DumpLine, isLengthLine, takeBytes } from './dump-line.js';

/** What one `*` line may stand for, the length of the longest frame; more is taken for damage. */
const longestRepeat = largestFrame;
/** What all of them may stand for. */
const repeatBudget = 2 ** 30;

export interface DumpStyle {
  readonly form: string;
  /** Blanks that begin the gutter. */
  readonly gutterGap: number;
  /** Radices the offsets can be in, likeliest first. */
  readonly radices: readonly number[];
}

export interface DumpOutput {
  bytes(bytes: readonly number[] | Uint8Array): void;
  /** The offsets start over, or the closing line of the dump was read. */
  endDump(): void;
  warn(message: string): void;
}

/**
 * Follows the offsets of one dump. The bytes of a line are counted by the offset of the line that
 * comes next, so a gutter that looks like bytes is not taken for bytes.
 */
export class DumpTrack {
  readonly #style: DumpStyle;
  readonly #out: DumpOutput;
  #radix: number | undefined;
  #held: DumpLine | undefined;
  #repeat = false;
  #repeated = 0;

  constructor(style: DumpStyle, out: DumpOutput) {
    this.#style = style;
    this.#out = out;
    if (style.radices.length === 1) this.#radix = style.radices[0];
  }

  line(line: DumpLine): void {
    if (this.#held !== undefined) this.#release(this.#held, line);
    if (!isLengthLine(line)) {
      this.#held = line;
      return;
    }
    this.#held = undefined;
    this.#out.endDump();
  }

  /** A `*` line: the held line goes on until the next offset. */
  star(): void {
    this.#repeat = this.#held !== undefined;
  }

  /** Hands out the held line, cut at its gutter: no offset follows that could count it. */
  finish(): void {
    if (this.#held !== undefined) {
      this.#out.bytes(this.#all(this.#held));
      if (this.#repeat) this.#out.warn('the dump ends after *, so its length is not known');
    }
    this.#held = undefined;
    this.#repeat = false;
  }

  end(): void {
    if (this.#held === undefined) return;
    this.finish();
    this.#out.endDump();
  }

  #release(held: DumpLine, next: DumpLine): void {
    const bytes = this.#all(held);
    this.#radix ??= this.#guessRadix(held, next, bytes.length);
    const radix = this.#radix;
    const span = Number.parseInt(next.offset, radix) - Number.parseInt(held.offset, radix);
    if (span <= 0 && Number.parseInt(next.offset, radix) === 0) {
      this.finish();
      this.#out.endDump();
      return;
    }
    if (!(span > 0)) this.#fail(next, `offset ${next.offset} does not follow ${held.offset}`);
    if (this.#repeat) this.#fill(held, bytes, span);
    else if (bytes.length < span) {
      this.#fail(held, `${span} bytes up to the next offset, but ${bytes.length} on the line`);
    } else this.#out.bytes(bytes.slice(0, span));
    this.#repeat = false;
  }

  #fill(held: DumpLine, bytes: readonly number[], span: number): void {
    this.#repeated += span;
    if (bytes.length === 0 || span > longestRepeat) {
      this.#fail(held, `the * after it stands for ${span} bytes, more than a frame can have`);
    }
    if (this.#repeated > repeatBudget) this.#fail(held, '* lines stand for more than 1 GiB');
    const most = Math.max(1, Math.floor(4096 / bytes.length));
    const lines = Math.min(most, Math.ceil(span / bytes.length));
    const block = new Uint8Array(lines * bytes.length);
    for (let at = 0; at < block.length; at += bytes.length) block.set(bytes, at);
    let left = span;
    for (; left >= block.length; left -= block.length) this.#out.bytes(block);
    if (left > 0) this.#out.bytes(block.subarray(0, left));
  }

  #all(line: DumpLine): number[] {
    return takeBytes(line, { limit: 65_536, gutterGap: this.#style.gutterGap });
  }

  #guessRadix(held: DumpLine, next: DumpLine, count: number): number {
    // `od` pads octal and decimal offsets to seven digits, hexadecimal ones to six.
    const { radices } = this.#style;
    if (held.offset.length !== 7) return 16;
    const found = radices.find((radix) => {
      const span = Number.parseInt(next.offset, radix) - Number.parseInt(held.offset, radix);
      // A trailing word of a little-endian dump may stand for fewer bytes than it has digits for.
      return this.#repeat ? span > 0 && span % count === 0 : span <= count && span > count - 8;
    });
    return found ?? radices[0] ?? 16;
  }

  #fail(line: DumpLine, problem: string): never {
    throw formError(this.#style.form, { line: line.number, column: line.indent + 1 }, problem);
  }
}
