import { describe, expect, it } from 'vitest';
import {
  assert,
  brandedNumber,
  IggyctlError,
  InvariantError,
  isIggyctlError,
  NumberRangeError,
  unreachable,
} from '../../src/base/index.js';

class SampleError extends IggyctlError<'SAMPLE'> {
  constructor(cause?: unknown) {
    super('SAMPLE', 'a sample', { size: 3 }, { cause });
  }
}

describe('errors', () => {
  it('carry code, details, cause and the name of their class', () => {
    const cause = new Error('below');
    const error = new SampleError(cause);
    expect(error).toMatchObject({
      code: 'SAMPLE',
      details: { size: 3 },
      name: 'SampleError',
      cause,
    });
    expect(error).toBeInstanceOf(Error);
  });

  it('are known by their brand, not by their class', () => {
    expect(isIggyctlError(new SampleError())).toBe(true);
    const fromAnotherCopy = { [Symbol.for('iggyctl.error')]: true, code: 'SAMPLE' };
    expect(isIggyctlError(fromAnotherCopy)).toBe(true);
    for (const other of [new Error('x'), null, undefined, 'SAMPLE', { code: 'SAMPLE' }]) {
      expect(isIggyctlError(other)).toBe(false);
    }
  });

  it('report broken invariants as bugs', () => {
    expect(() => assert(true, 'fine')).not.toThrow();
    expect(() => assert(false, 'broken', { op: 4 })).toThrow(InvariantError);
    expect(() => unreachable('x' as never)).toThrow(InvariantError);
  });
});

describe('branded numbers', () => {
  const op = brandedNumber('Op');
  const small = brandedNumber('Replica', 31);

  it('are made by one checked function', () => {
    expect(op.of(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
    expect(op.fromBig(5n)).toBe(5);
    expect(small.is(31)).toBe(true);
    expect(small.is(32)).toBe(false);
  });

  it('refuse what they cannot hold, with a code', () => {
    for (const make of [
      () => op.of(-1),
      () => op.of(1.5),
      () => op.of(2 ** 53),
      () => op.fromBig(2n ** 53n),
      () => op.fromBig(-1n),
      () => small.of(32),
    ]) {
      expect(make).toThrow(NumberRangeError);
    }
    try {
      op.fromBig(2n ** 60n);
    } catch (error) {
      expect(error).toMatchObject({ code: 'NUMBER_OUT_OF_RANGE', details: { name: 'Op' } });
    }
  });
});
