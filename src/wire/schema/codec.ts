import type { Readable } from './reader.js';
import type { Writer } from './writer.js';

/**
 * The description of one kind of value on the wire. Decoding, encoding, annotating, documenting
 * and generating test values all use this one object.
 */
export interface Codec<T> extends Readable<T> {
  /** Encoded size in bytes when it is the same for every value. */
  readonly size: number | undefined;
  /** No encoding is shorter than this. */
  readonly minSize: number;
  /** True when the value says nothing (padding, constants) and is left out of structs. */
  readonly omitted?: boolean;
  readonly shape: CodecShape;
  /** Appends one value. @throws WireError when the value has no encoding. */
  write(writer: Writer, value: T): void;
}

/** The value type of a codec. */
export type CodecValue<C> = C extends Codec<infer T> ? T : never;

/** One named part of a struct. */
export interface Field<T> {
  readonly codec: Codec<T>;
  /** Explains the field to a reader of a decoded frame. */
  readonly doc: string;
}

/** Pairs a codec with the explanation of what the field means. */
export function field<T>(codec: Codec<T>, doc: string): Field<T> {
  return { codec, doc };
}

/** What a codec is made of, as data: the source of documentation and of generated test values. */
export type CodecShape =
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'bigint'; readonly min: bigint; readonly max: bigint }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'bool' }
  | { readonly kind: 'bytes'; readonly size: number }
  | { readonly kind: 'reserved'; readonly size: number; readonly lenient: boolean }
  | { readonly kind: 'constant'; readonly inner: Codec<unknown>; readonly value: unknown }
  | {
      readonly kind: 'enum';
      readonly entries: readonly (readonly [name: string, value: number])[];
      readonly as: 'number' | 'name';
    }
  | { readonly kind: 'text'; readonly min: number; readonly max: number }
  | { readonly kind: 'optionalText'; readonly min: number; readonly max: number }
  | { readonly kind: 'blob'; readonly min: number; readonly max: number }
  | {
      readonly kind: 'struct';
      readonly fields: readonly StructFieldShape[];
    }
  | { readonly kind: 'array'; readonly item: Codec<unknown>; readonly max: number }
  | { readonly kind: 'repeat'; readonly item: Codec<unknown>; readonly times: number }
  | { readonly kind: 'restOf'; readonly item: Codec<unknown> }
  | { readonly kind: 'rest' }
  | { readonly kind: 'prefixed'; readonly inner: Codec<unknown> }
  | { readonly kind: 'union'; readonly variants: readonly VariantShape[] }
  | { readonly kind: 'optional'; readonly inner: Codec<unknown> }
  | {
      readonly kind: 'mapped';
      readonly inner: Codec<unknown>;
      readonly to: (inner: unknown) => unknown;
    }
  | {
      readonly kind: 'constrained';
      readonly inner: Codec<unknown>;
      readonly problem: (value: unknown) => string | undefined;
    }
  | { readonly kind: 'secret'; readonly inner: Codec<unknown> }
  | { readonly kind: 'unit' }
  /** Written by hand; test values must be supplied where it is registered. */
  | { readonly kind: 'custom'; readonly note: string };

export interface StructFieldShape {
  readonly name: string;
  readonly codec: Codec<unknown>;
  readonly doc: string;
}

export interface VariantShape {
  readonly name: string;
  readonly tag: number;
  readonly codec: Codec<unknown>;
}
