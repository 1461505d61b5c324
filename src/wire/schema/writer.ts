import {
  setU16,
  setU32,
  setU64,
  setU128,
  Utf8Error,
  utf8Length,
  writeUtf8,
  zeroedBytes,
} from '../../base/index.js';
import { invalid, WireError } from '../errors.js';

const firstCapacity = 64;

/** Appends to a buffer that grows, or fills a given one that does not. */
export class Writer {
  #bytes: Uint8Array;
  #offset: number;
  readonly #start: number;
  readonly #fixed: boolean;
  #view: DataView | undefined;

  /** @param into a buffer to fill from `offset` on, instead of one that grows. */
  constructor(capacity: number = firstCapacity, into?: Uint8Array, offset = 0) {
    this.#bytes = into ?? new Uint8Array(capacity);
    this.#fixed = into !== undefined;
    this.#start = offset;
    this.#offset = offset;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#offset - this.#start;
  }

  /** Goes on at another position of a given buffer. */
  moveTo(offset: number): void {
    this.#offset = offset;
  }

  /** Reserves `size` zero bytes at the returned position of {@link target}. */
  claim(size: number): number {
    const start = this.#offset;
    const end = start + size;
    if (end > this.#bytes.length) this.#grow(end);
    this.#offset = end;
    return start;
  }

  /** The buffer being filled; replaced when it grows, so ask again after each claim. */
  get target(): Uint8Array {
    return this.#bytes;
  }

  get view(): DataView {
    const bytes = this.#bytes;
    this.#view ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return this.#view;
  }

  u8(value: number): void {
    const at = this.claim(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.claim(2);
    setU16(this.#bytes, at, value);
  }

  u32(value: number): void {
    const at = this.claim(4);
    setU32(this.#bytes, at, value);
  }

  u64(value: bigint): void {
    const at = this.claim(8);
    setU64(this.#bytes, at, value);
  }

  u128(value: bigint): void {
    const at = this.claim(16);
    setU128(this.#bytes, at, value);
  }

  append(part: Uint8Array): void {
    const at = this.claim(part.length);
    this.#bytes.set(part, at);
  }

  zeros(size: number): void {
    const at = this.claim(size);
    if (this.#fixed) this.#bytes.fill(0, at, at + size);
  }

  /** Appends UTF-8 and returns its size in bytes. */
  text(value: string): number {
    const size = textSize(value);
    const at = this.claim(size);
    writeUtf8(this.#bytes, at, value);
    return size;
  }

  /** A copy of what was written; then it can be filled anew. */
  take(): Uint8Array {
    const taken = zeroedBytes(this.#offset);
    taken.set(this.#bytes.subarray(0, this.#offset));
    this.clear();
    return taken;
  }

  /** Forgets what was written. */
  clear(): void {
    this.#bytes.fill(0, 0, this.#offset);
    this.#offset = 0;
  }

  /** What was written; no copy is made when the capacity was exact. */
  finish(): Uint8Array {
    if (this.#start === 0 && this.#offset === this.#bytes.length) return this.#bytes;
    return this.#bytes.slice(this.#start, this.#offset);
  }

  #grow(needed: number): void {
    if (this.#fixed) {
      throw new WireError('WIRE_TOO_LARGE', `the buffer has no room for ${needed} bytes`, {
        size: needed,
        max: this.#bytes.length,
      });
    }
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = undefined;
  }
}

const keptBytes = 64 * 1024;
const spare: Writer[] = [];

/** Runs `fill` with a writer that has room already; what it holds afterwards is dropped. */
export function withWriter<T>(fill: (writer: Writer) => T): T {
  const writer = spare.pop() ?? new Writer(4096);
  try {
    return fill(writer);
  } finally {
    writer.clear();
    if (writer.target.length <= keptBytes) spare.push(writer);
  }
}

/** Size of `text` in UTF-8. @throws WIRE_INVALID when it is no well-formed text. */
export function textSize(text: string): number {
  try {
    return utf8Length(text);
  } catch (cause) {
    if (cause instanceof Utf8Error) throw invalid(cause.message);
    throw cause;
  }
}
