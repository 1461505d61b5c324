import { isIggyctlError } from '../../base/index.js';
import { isWireError, WireError } from '../errors.js';
import type { Codec } from './codec.js';
import { Reader, trailing } from './reader.js';
import { type Span, Trace } from './span.js';
import { Writer, withWriter } from './writer.js';

/** What a writer that is used again has room for anyway. */
const roomBytes = 64 * 1024;

export interface DecodeOptions {
  /** Ignore bytes after the value instead of failing with WIRE_TRAILING. */
  readonly allowTrailing?: boolean;
}

/** The value encoded in `bytes`. Byte fields of the value alias `bytes`. @throws WireError */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array, options: DecodeOptions = {}): T {
  const reader = new Reader(bytes);
  const value = read(codec, reader);
  if (reader.remaining > 0 && options.allowTrailing !== true) {
    throw trailing(reader.offset, reader.remaining);
  }
  return value;
}

/**
 * The bytes of `value`, in a buffer of exactly their size. @throws WireError
 * @param expected bytes there will be, roughly; told for large values, so that no buffer has to grow
 */
export function encode<T>(codec: Codec<T>, value: T, expected = 0): Uint8Array {
  if (codec.size === undefined && expected <= roomBytes) {
    return withWriter((writer) => {
      write(codec, writer, value);
      return writer.take();
    });
  }
  const writer = new Writer(codec.size ?? expected);
  write(codec, writer, value);
  return writer.finish();
}

/** Writes `value` into `target` and returns its size. @throws WireError, WIRE_TOO_LARGE */
export function encodeInto<T>(codec: Codec<T>, value: T, target: Uint8Array, offset = 0): number {
  const writer = new Writer(0, target, offset);
  write(codec, writer, value);
  return writer.length;
}

/** What {@link annotate} found; the spans read before a failure are always there. */
export type Annotated<T> =
  | { readonly ok: true; readonly value: T; readonly spans: readonly Span[] }
  | {
      readonly ok: false;
      /** The first problem. */
      readonly error: WireError;
      /** All problems, in order of occurrence. */
      readonly issues: readonly WireError[];
      readonly spans: readonly Span[];
    };

/**
 * Decodes and says what every byte means. Unknown enum values, nonzero padding and broken limits
 * are reported but do not end the reading, so as much as possible is shown. Malformed bytes never
 * make it throw.
 */
export function annotate<T>(
  codec: Codec<T>,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Annotated<T> {
  const trace = new Trace();
  const reader = new Reader(bytes, trace);
  const { spans, issues } = trace;
  let value: T;
  try {
    value = codec.composite ? read(codec, reader) : reader.field('', codec, '');
    if (reader.remaining > 0 && options.allowTrailing !== true) {
      throw trailing(reader.offset, reader.remaining);
    }
  } catch (cause) {
    const error = wireErrorFrom(cause);
    issues.push(error);
    return { ok: false, error: issues[0] ?? error, issues, spans };
  }
  const [error] = issues;
  return error === undefined ? { ok: true, value, spans } : { ok: false, error, issues, spans };
}

/** Only the spans that describe bytes themselves; when decoding succeeded they tile the input. */
export function leafSpans(spans: readonly Span[]): readonly Span[] {
  return spans.filter((span) => !span.composite);
}

function read<T>(codec: Codec<T>, reader: Reader): T {
  try {
    return codec.read(reader);
  } catch (cause) {
    throw wireErrorFrom(cause);
  }
}

/** A value of a wrong shape, which only untyped callers can pass, is a refusal too. */
function write<T>(codec: Codec<T>, writer: Writer, value: T): void {
  try {
    codec.write(writer, value);
  } catch (cause) {
    if (cause instanceof TypeError) throw new WireError('WIRE_INVALID', cause.message, {}, cause);
    throw wireErrorFrom(cause);
  }
}

/** Refusals of the base tools become WireErrors; what is left is a bug of ours and stays one. */
function wireErrorFrom(cause: unknown): WireError {
  if (isWireError(cause)) return cause;
  if (isIggyctlError(cause) && cause.code !== 'INVARIANT') {
    return new WireError('WIRE_INVALID', cause.message, {}, cause);
  }
  throw cause;
}
