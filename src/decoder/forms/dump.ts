import { looksLikePacket } from '../capture/guess.js';
import { formError } from '../errors.js';
import { ByteRun } from './byte-run.js';
import { splitDumpLine } from './dump-line.js';
import { type DumpStyle, DumpTrack } from './dump-track.js';
import type { FormParser, FormSink, Side } from './form.js';
import { LineReader } from './lines.js';

const noGutterGap = Number.POSITIVE_INFINITY;
const largestPacket = 262_144;

/** Dumps whose gutter begins with a mark (`|`, `>`), and the words of `hexdump`. */
export const hexdumpStyle: DumpStyle = {
  ...{ form: 'hexdump', gutterGap: noGutterGap, radices: [16] },
};
/** `od`, with offsets in any of its radices: seven digits are octal or decimal. */
export const odStyle: DumpStyle = {
  ...{ form: 'od', gutterGap: noGutterGap, radices: [8, 10, 16] },
};
/** `xxd`: the gutter stands after two blanks. */
export const xxdStyle: DumpStyle = { form: 'xxd', gutterGap: 2, radices: [16] };
/** Wireshark: two blanks in the middle of a line, three before the gutter. */
export const wiresharkStyle: DumpStyle = { form: 'wireshark', gutterGap: 3, radices: [16] };

/** A dump with offsets, as `xxd`, `hexdump`, `od` and Wireshark write it. */
export class DumpParser implements FormParser {
  readonly #style: DumpStyle;
  readonly #lines: LineReader;
  readonly #tracks: readonly [DumpTrack, DumpTrack];
  readonly #collectors: readonly [DumpCollector, DumpCollector];
  #current: 0 | 1 = 0;

  constructor(sink: FormSink, style: DumpStyle) {
    this.#style = style;
    const both = style.form === 'wireshark';
    this.#collectors = [
      new DumpCollector(sink, { side: both ? 0 : undefined, mayBePacket: both }),
      new DumpCollector(sink, { side: 1, mayBePacket: false }),
    ];
    this.#tracks = [
      new DumpTrack(style, this.#collectors[0]),
      new DumpTrack(style, this.#collectors[1]),
    ];
    this.#lines = new LineReader(style.form, (line, number) => this.#line(line, number));
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
    for (const collector of this.#collectors) collector.flush();
  }

  end(): void {
    this.#lines.end();
    for (const track of this.#tracks) track.end();
    for (const collector of this.#collectors) collector.endDump();
  }

  #line(text: string, number: number): void {
    if (text.trim() === '') return;
    if (text.trim() === '*') {
      this.#tracks[this.#current].star();
      return;
    }
    const line = splitDumpLine(text, number);
    if (line === undefined) {
      throw formError(this.#style.form, { line: number, column: 1 }, 'the line has no offset');
    }
    const side = this.#style.form === 'wireshark' && line.indent >= 4 ? 1 : 0;
    if (side !== this.#current) {
      // The other side speaks: what this one said so far must be handed on first.
      this.#tracks[this.#current].finish();
      this.#collectors[this.#current].flush();
      this.#collectors[0].noPacket();
      this.#current = side;
    }
    this.#tracks[side].line(line);
  }
}

/** Gathers the bytes of a dump, and decides whether one that stands alone is a whole packet. */
class DumpCollector {
  readonly #out: ByteRun;
  readonly #sink: FormSink;
  #mayBePacket: boolean;
  #packet: number[] = [];

  constructor(sink: FormSink, options: { side: Side; mayBePacket: boolean }) {
    this.#sink = sink;
    this.#out = new ByteRun(sink);
    this.#out.setSide(options.side);
    this.#mayBePacket = options.mayBePacket;
  }

  bytes(bytes: readonly number[] | Uint8Array): void {
    if (!this.#mayBePacket) {
      if (bytes instanceof Uint8Array) this.#out.addAll(bytes);
      else for (const byte of bytes) this.#out.add(byte);
      return;
    }
    this.#packet.push(...bytes);
    if (this.#packet.length > largestPacket) this.noPacket();
  }

  /** What was gathered is part of a stream after all. */
  noPacket(): void {
    const gathered = this.#packet;
    this.#packet = [];
    this.#mayBePacket = false;
    for (const byte of gathered) this.#out.add(byte);
    this.flush();
  }

  endDump(): void {
    if (this.#packet.length === 0) {
      this.flush();
      return;
    }
    const bytes = Uint8Array.from(this.#packet);
    if (!looksLikePacket(bytes)) {
      this.noPacket();
      return;
    }
    this.#packet = [];
    this.#sink.packet({
      ...{ linkType: 'guess', timeMicros: undefined, clockOnly: false },
      ...{ bytes, originalLength: bytes.length },
    });
  }

  warn(message: string): void {
    this.#sink.warn(message);
  }

  flush(): void {
    this.#out.flush();
  }
}
