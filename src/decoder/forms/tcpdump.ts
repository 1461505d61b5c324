import { looksLikePacket } from '../capture/guess.js';
import { ByteRun } from './byte-run.js';
import { splitDumpLine } from './dump-line.js';
import { type DumpStyle, DumpTrack } from './dump-track.js';
import type { FormParser, FormSink } from './form.js';
import { LineReader } from './lines.js';

const style: DumpStyle = { form: 'tcpdump', gutterGap: 2, radices: [16] };
const dumpLine = /^\s*0x[0-9a-fA-F]{4,}:/;
const clock = /^\s*(?:(\d{4})-(\d\d)-(\d\d)[ T])?(\d\d):(\d\d):(\d\d)\.(\d{1,9})\b/;
const epoch = /^\s*(\d{9,12})\.(\d{1,9})\b/;
const largestPacket = 1 << 20;

interface Stamp {
  readonly micros: number | undefined;
  readonly clockOnly: boolean;
}

const noStamp: Stamp = { micros: undefined, clockOnly: false };

/** The output of `tcpdump` with `-x`, `-X`, `-xx` or `-XX`: a header line, then lines `0x0010:`. */
export class TcpdumpParser implements FormParser {
  readonly #sink: FormSink;
  readonly #lines: LineReader;
  readonly #track: DumpTrack;
  readonly #stream: ByteRun;
  #packet: number[] = [];
  #stamp: Stamp = noStamp;

  constructor(sink: FormSink) {
    this.#sink = sink;
    this.#stream = new ByteRun(sink);
    this.#track = new DumpTrack(style, {
      bytes: (bytes) => {
        if (this.#packet.length < largestPacket) this.#packet.push(...bytes);
      },
      endDump: () => this.#endPacket(),
      warn: (message) => sink.warn(message),
    });
    this.#lines = new LineReader(style.form, (line, number) => this.#line(line, number));
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): void {
    this.#lines.end();
    this.#track.end();
  }

  #line(text: string, number: number): void {
    if (dumpLine.test(text)) {
      const line = splitDumpLine(text, number);
      if (line !== undefined) this.#track.line(line);
      return;
    }
    if (text.trim() === '') return;
    this.#track.end();
    const stamp = readStamp(text);
    // Further lines of a verbose header have no time and belong to the one before.
    if (stamp !== undefined) this.#stamp = stamp;
  }

  #endPacket(): void {
    const bytes = Uint8Array.from(this.#packet);
    const { micros, clockOnly } = this.#stamp;
    this.#packet = [];
    this.#stamp = noStamp;
    if (bytes.length === 0) return;
    if (looksLikePacket(bytes)) {
      const length = bytes.length;
      const packet = { linkType: 'guess', timeMicros: micros, clockOnly, bytes } as const;
      this.#sink.packet({ ...packet, originalLength: length });
      return;
    }
    // Only bytes in this notation, without the headers of a packet.
    this.#stream.addAll(bytes);
    this.#stream.flush();
  }
}

function readStamp(text: string): Stamp | undefined {
  const since = epoch.exec(text);
  if (since !== null) {
    const micros = Number(since[1]) * 1_000_000 + fraction(since[2] ?? '');
    return { micros, clockOnly: false };
  }
  const match = clock.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, part] = match;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const inDay = seconds * 1_000_000 + fraction(part ?? '');
  if (year === undefined) return { micros: inDay, clockOnly: true };
  const days = daysSinceEpoch(Number(year), Number(month), Number(day));
  return { micros: days * 86_400_000_000 + inDay, clockOnly: false };
}

function fraction(digits: string): number {
  return Number(digits.padEnd(6, '0').slice(0, 6));
}

function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const shifted = month > 2 ? month - 3 : month + 9;
  const dayOfYear = Math.floor((153 * shifted + 2) / 5) + day - 1;
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leaps + dayOfYear - 719_468;
}
