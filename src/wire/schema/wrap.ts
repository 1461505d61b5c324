import { invalid, isWireError, type WireError } from '../errors.js';
import { checkWriteSize, type SizeLimits, sizeProblem } from './blobs.js';
import type { Codec } from './codec.js';
import { bool, type UintCodec } from './numbers.js';
import { withWriter } from './writer.js';

/** A length in bytes, then a value that must use all of them. */
export function lengthPrefixed<T>(
  length: UintCodec,
  inner: Codec<T>,
  limits: SizeLimits = {},
): Codec<T> {
  const { min = 0, max = length.max } = limits;
  return {
    type: inner.type,
    size: undefined,
    get minSize() {
      return length.size + inner.minSize;
    },
    composite: true,
    shape: { kind: 'prefixed', inner },
    read(reader) {
      const size = reader.field('length', length, 'Bytes that follow.');
      if (size < min || size > max) reader.problem(sizeProblem(size, min, max));
      if (reader.trace === undefined || inner.composite) {
        return reader.limited(size, (within) => inner.read(within));
      }
      return reader.limited(size, (within) => within.field('value', inner, ''));
    },
    write(writer, value) {
      withWriter((part) => {
        inner.write(part, value);
        checkWriteSize(part.length, min, max, length.max);
        length.write(writer, part.length);
        writer.append(part.target.subarray(0, part.length));
      });
    },
  };
}

/** A flag byte, then the value if the flag is 1; `null` stands for absent. */
export function optional<T>(inner: Codec<T>, flag: Codec<boolean> = bool): Codec<T | null> {
  return {
    type: `${inner.type}?`,
    size: undefined,
    minSize: flag.minSize,
    composite: true,
    shape: { kind: 'optional', inner },
    read(reader) {
      const present = reader.field('present', flag, 'Whether a value follows.');
      return present ? reader.field('value', inner, '') : null;
    },
    write(writer, value) {
      flag.write(writer, value !== null);
      if (value !== null) inner.write(writer, value);
    },
    display: (value) => (value === null ? 'absent' : undefined),
  };
}

/** Turns decoded values into a handier form and back. Both functions may throw a WireError. */
export function mapped<A, B>(
  type: string,
  inner: Codec<A>,
  to: (value: A) => B,
  from: (value: B) => A,
): Codec<B> {
  return {
    type,
    get size() {
      return inner.size;
    },
    get minSize() {
      return inner.minSize;
    },
    composite: inner.composite,
    ...(inner.secret === true ? { secret: true } : {}),
    shape: { kind: 'mapped', inner, to: to as (value: unknown) => unknown },
    read: (reader) => to(inner.read(reader)),
    write: (writer, value) => inner.write(writer, from(value)),
  };
}

/** What a wrapper shares with what it wraps; a struct's are getters, which no spread copies. */
function traitsOf<T>(inner: Codec<T>) {
  const { type, size, minSize, composite, omitted, secret: isSecret, display } = inner;
  return {
    type,
    size,
    minSize,
    composite,
    ...(omitted !== undefined && { omitted }),
    ...(isSecret !== undefined && { secret: isSecret }),
    ...(display !== undefined && { display: (value: T) => inner.display?.(value) }),
  };
}

/** A value that must also pass a check; the check answers what is wrong, or nothing. */
export function constrained<T>(
  inner: Codec<T>,
  problem: (value: T) => string | undefined,
  error: (reason: string) => WireError = invalid,
): Codec<T> {
  return {
    ...traitsOf(inner),
    shape: {
      kind: 'constrained',
      inner,
      problem: problem as (value: unknown) => string | undefined,
    },
    read(reader) {
      const value = inner.read(reader);
      const reason = problem(value);
      if (reason !== undefined) reader.problem(error(reason));
      return value;
    },
    write(writer, value) {
      const reason = problem(value);
      if (reason !== undefined) throw error(reason);
      inner.write(writer, value);
    },
  };
}

/** A value that views must mask: its spans carry `secret: true`. */
export function secret<T>(inner: Codec<T>): Codec<T> {
  return {
    ...traitsOf(inner),
    secret: true,
    shape: { kind: 'secret', inner },
    read(reader) {
      const trace = reader.trace;
      if (trace === undefined) return inner.read(reader);
      const outer = trace.secret;
      trace.secret = true;
      try {
        return inner.read(reader);
      } finally {
        trace.secret = outer;
      }
    },
    write: (writer, value) => inner.write(writer, value),
  };
}

/** A value that is always the same, such as a magic number; not part of the decoded value. */
export function constant<T extends number | bigint | string>(
  inner: Codec<T>,
  value: T,
): Codec<undefined> {
  return {
    type: inner.type,
    size: inner.size,
    minSize: inner.minSize,
    composite: false,
    omitted: true,
    shape: { kind: 'constant', inner, value },
    read(reader) {
      const found = inner.read(reader);
      if (found !== value) reader.problem(invalid(`must be ${value}, got ${found}`));
      return undefined;
    },
    write: (writer) => inner.write(writer, value),
    display: () => inner.display?.(value) ?? String(value),
  };
}

/** Names the part of a structure that a hand-written codec was in when it failed. */
export function inField<T>(segment: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw isWireError(error) ? error.within(segment) : error;
  }
}
