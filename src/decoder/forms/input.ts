import { concatBytes } from '../../base/index.js';
import { DecodeInputError } from '../errors.js';
import type { FormName, FormParser, FormSink } from './form.js';
import { createFormParser } from './index.js';
import { sniffEarly, sniffForm, sniffLength } from './sniff.js';

/** One input, from its first byte: finds out its form, then parses it. */
export class InputReader {
  readonly #sink: FormSink;
  readonly #wanted: FormName | 'auto';
  #form: FormName | undefined;
  #parser: FormParser | undefined;
  #held: Uint8Array[] = [];
  #heldLength = 0;
  #offset = 0;
  /** UTF-16 text, as shells of Windows write it: every second byte is left out. */
  #halved = false;

  constructor(sink: FormSink, form: FormName | 'auto') {
    this.#sink = sink;
    this.#wanted = form;
  }

  /** The form, once it is decided. */
  get form(): FormName | undefined {
    return this.#form;
  }

  push(raw: Uint8Array): void {
    if (raw.length === 0) return;
    const chunk = this.#withoutMark(raw);
    this.#offset += raw.length;
    if (this.#parser !== undefined) {
      this.#parser.push(chunk);
      return;
    }
    this.#held.push(chunk.slice());
    this.#heldLength += chunk.length;
    const early = this.#early();
    if (early !== undefined) this.#start(early);
    else if (this.#heldLength >= sniffLength) this.#decide(false);
  }

  /** Nothing came for a while: decides with what is there, if it holds a whole line. */
  idle(): void {
    if (this.#parser === undefined && this.#held.some((part) => part.includes(0x0a))) {
      this.#decide(false);
    }
  }

  /** @throws INPUT_EMPTY when there was no byte at all. */
  end(): void {
    if (this.#parser === undefined) {
      if (this.#heldLength === 0) {
        throw new DecodeInputError('INPUT_EMPTY', 'the input is empty', {});
      }
      this.#decide(true);
    }
    this.#parser?.end();
  }

  /** A form that is certain already. */
  #early(): FormName | undefined {
    if (this.#wanted === 'auto') return sniffEarly(concatBytes(this.#held));
    return this.#wanted === 'wireshark' ? undefined : this.#wanted;
  }

  #decide(whole: boolean): void {
    const wanted = this.#wanted;
    this.#start(wanted === 'auto' ? sniffForm(concatBytes(this.#held), { whole }) : wanted);
  }

  #start(form: FormName): void {
    const bytes = concatBytes(this.#held);
    this.#held = [];
    this.#form = form;
    this.#parser = createFormParser(form, this.#sink, bytes);
    this.#parser.push(bytes);
  }

  /** `chunk` without the byte order mark of a text; of UTF-16, only the low halves. */
  #withoutMark(chunk: Uint8Array): Uint8Array {
    if (this.#offset === 0 && this.#wanted !== 'binary') {
      const [a, b, c, d] = chunk;
      if (a === 0xef && b === 0xbb && c === 0xbf) return chunk.subarray(3);
      this.#halved = a === 0xff && b === 0xfe && c !== 0 && d === 0;
      if (this.#halved) return chunk.subarray(2).filter((_, at) => at % 2 === 0);
    }
    if (!this.#halved) return chunk;
    const parity = this.#offset % 2;
    return chunk.filter((_, at) => (at + parity) % 2 === 0);
  }
}
