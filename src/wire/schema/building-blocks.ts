import { blob, bytes, lenientReserved, reserved, rest } from './blobs.js';
import { field } from './codec.js';
import { enumU8, enumU32 } from './enums.js';
import { bool8, flag8 } from './flags.js';
import { bool, f32, f64, i32, i64, u8, u16, u32, u64, u128 } from './numbers.js';
import { array, repeat, restOf } from './sequence.js';
import { struct } from './struct.js';
import { chained, counted, orNothing } from './tails.js';
import { name, optionalText, text } from './text.js';
import { union, unit, variant } from './union.js';
import {
  constant,
  constrained,
  inField,
  lengthPrefixed,
  mapped,
  optional,
  secret,
} from './wrap.js';

/**
 * What further structures are described with: `codec.struct('Name', { op: codec.field(codec.u64) })`.
 * A plain object, as the namespace of a module has a getter per name, which costs every start.
 */
export const codec = {
  array,
  blob,
  bool,
  bool8,
  bytes,
  chained,
  constant,
  constrained,
  counted,
  enumU8,
  enumU32,
  f32,
  f64,
  field,
  flag8,
  i32,
  i64,
  inField,
  lengthPrefixed,
  lenientReserved,
  mapped,
  name,
  optional,
  optionalText,
  orNothing,
  repeat,
  reserved,
  rest,
  restOf,
  secret,
  struct,
  text,
  u8,
  u16,
  u32,
  u64,
  u128,
  union,
  unit,
  variant,
} as const;
