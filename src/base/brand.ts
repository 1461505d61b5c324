import { IggyctlError } from './errors.js';

declare const brandKey: unique symbol;

/** A value of type `T` that only the checked constructor of `Name` hands out. */
export type Brand<T, Name extends string> = T & { readonly [brandKey]: Name };

/** Raised when a number cannot be represented as the branded type it should become. */
export class NumberRangeError extends IggyctlError<'NUMBER_OUT_OF_RANGE'> {
  constructor(name: string, value: number | bigint, max: number) {
    super('NUMBER_OUT_OF_RANGE', `${name} must be an integer in 0..${max}, got ${value}`, {
      name,
      value: String(value),
      max,
    });
  }
}

/** The checked constructors of one branded number type. */
export interface BrandedNumber<Name extends string> {
  readonly name: Name;
  readonly max: number;
  /** @throws NUMBER_OUT_OF_RANGE unless `value` is an integer in `0..max`. */
  of(value: number): Brand<number, Name>;
  /** Same for a value that came off the wire as a bigint. */
  fromBig(value: bigint): Brand<number, Name>;
  is(value: number): value is Brand<number, Name>;
}

/**
 * Defines a branded number: a non-negative integer not above `max`, which is at most 2^53-1, so
 * that arithmetic on it stays exact.
 */
export function brandedNumber<const Name extends string>(
  name: Name,
  max: number = Number.MAX_SAFE_INTEGER,
): BrandedNumber<Name> {
  const is = (value: number): value is Brand<number, Name> =>
    Number.isSafeInteger(value) && value >= 0 && value <= max;
  const limit = BigInt(max);
  return {
    name,
    max,
    is,
    of(value) {
      if (!is(value)) throw new NumberRangeError(name, value, max);
      return value;
    },
    fromBig(value) {
      const small = Number(value);
      if (value < 0n || value > limit || !is(small)) throw new NumberRangeError(name, value, max);
      return small;
    },
  };
}
