import { decodeUtf8, decodeUtf8Lossy, getU16, getU32, getU64, getU128 } from '../../base/index.js';
import { isWireError, truncated, WireError } from '../errors.js';
import type { Span, Trace } from './span.js';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** The reading half of a codec. */
export interface Readable<T> {
  /** Shown to people, such as `u32` or `CreateStream`. */
  readonly type: string;
  /** True when reading records spans of its own parts. */
  readonly composite: boolean;
  /** True when views must mask the value. */
  readonly secret?: boolean;
  /** Moves the reader past one value. @throws WireError */
  read(reader: Reader): T;
  /** How a view shows the value when its plain form says too little. */
  display?(value: T): string | undefined;
}

/**
 * A cursor over bytes. With a trace attached it also records what each byte means, and carries on
 * past problems that do not hide where the next field begins.
 */
export class Reader {
  readonly bytes: Uint8Array;
  readonly trace: Trace | undefined;
  offset: number;
  /** Reading stops here; moved by {@link limited} while a length-prefixed part is read. */
  end: number;
  #view: DataView | undefined;

  constructor(bytes: Uint8Array, trace?: Trace, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.trace = trace;
    this.offset = offset;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  /** Moves past `size` bytes and returns where they begin. @throws WIRE_TRUNCATED */
  take(size: number): number {
    const start = this.offset;
    if (size > this.end - start) throw truncated(start, size, this.end - start);
    this.offset = start + size;
    return start;
  }

  u8(): number {
    return this.bytes[this.take(1)] ?? 0;
  }

  u16(): number {
    return getU16(this.bytes, this.take(2));
  }

  u32(): number {
    return getU32(this.bytes, this.take(4));
  }

  u64(): bigint {
    return getU64(this.bytes, this.take(8));
  }

  u128(): bigint {
    return getU128(this.bytes, this.take(16));
  }

  /** For the rarer number formats. */
  get view(): DataView {
    this.#view ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
    return this.#view;
  }

  /** The next `size` bytes; they alias the input. */
  slice(size: number): Uint8Array {
    const start = this.take(size);
    return this.bytes.subarray(start, start + size);
  }

  /** The next `size` bytes as strict UTF-8. */
  text(size: number): string {
    const start = this.take(size);
    try {
      return decodeUtf8(this.bytes, start, start + size);
    } catch (cause) {
      const details = { offset: start };
      this.problem(new WireError('WIRE_INVALID_UTF8', 'text is not UTF-8', details, cause));
      return decodeUtf8Lossy(this.bytes, start, start + size);
    }
  }

  /** Throws, or notes the problem and returns when an annotated view is being made. */
  problem(error: WireError): void {
    if (this.trace === undefined) throw error;
    if (this.trace.prefix !== '') error.within(this.trace.prefix);
    this.trace.issues.push(error);
  }

  /** Reads one named part, recording a span when a trace is attached. */
  field<T>(name: string, codec: Readable<T>, doc: string): T {
    const trace = this.trace;
    if (trace !== undefined) return this.#traced(trace, name, codec, doc);
    try {
      return codec.read(this);
    } catch (error) {
      throw isWireError(error) ? error.within(name) : error;
    }
  }

  /** Runs `read` on the next `size` bytes, all of which it must use. */
  limited<T>(size: number, read: (reader: Reader) => T): T {
    const outer = this.end;
    const inner = this.offset + size;
    if (inner > outer) throw truncated(this.offset, size, outer - this.offset);
    this.end = inner;
    const value = read(this);
    this.end = outer;
    if (this.offset !== inner) throw trailing(this.offset, inner - this.offset);
    return value;
  }

  #traced<T>(trace: Trace, name: string, codec: Readable<T>, doc: string): T {
    const outer = trace.prefix;
    const path = trace.join(name);
    const { type, composite } = codec;
    const secret = trace.secret || codec.secret === true;
    const offset = this.offset;
    const span: Draft<Span> = {
      path,
      offset,
      size: 0,
      type,
      value: undefined,
      doc,
      composite,
      secret,
      complete: false,
    };
    trace.spans.push(span);
    trace.prefix = path;
    try {
      const value = codec.read(this);
      const display = codec.display?.(value);
      if (!composite) span.value = value;
      if (display !== undefined) span.display = display;
      span.complete = true;
      trace.prefix = outer;
      return value;
    } catch (error) {
      trace.prefix = outer;
      throw isWireError(error) ? error.within(name) : error;
    } finally {
      span.size = this.offset - offset;
    }
  }
}

export function trailing(offset: number, count: number): WireError {
  return new WireError('WIRE_TRAILING', `${count} bytes are left over at offset ${offset}`, {
    offset,
    count,
  });
}
