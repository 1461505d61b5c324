import { call, f64, get, i32, i64, leave, repeat, set, type, v128, when } from './assembler.mjs';
import {
  above,
  addFolded,
  answer,
  avalanche,
  constant,
  input,
  inputEnd,
  key,
  mixers,
  olderAvalanche,
  place,
  prime64,
  times,
  xorShifted,
  zero,
} from './mix.mjs';

/**
 * `hash(length)`: the hash of what lies in the room for input.
 *
 * @param begin - index of the function that starts a longer hash.
 * @param finish - index of the one that ends it.
 */
export function hashFunction(begin, finish) {
  const length = get(0);
  const scratch = { hash: 1, product: [2, 3, 4, 5, 6] };
  const body = [
    ...when(i32.gt(length, i32.const(240)), [
      ...call(begin),
      ...call(finish, length, f64.ofI32(length)),
      ...leave,
    ]),
    ...when(i32.gt(length, i32.const(128)), upTo240(length, scratch)),
    ...when(i32.gt(length, i32.const(16)), upTo128(length, scratch)),
    ...when(i32.gt(length, i32.const(8)), upTo16(length, scratch)),
    ...when(i32.gt(length, i32.const(3)), upTo8(length, scratch)),
    ...when(i32.gt(length, zero), upTo3(length, scratch)),
    ...set(scratch.hash, i64.xor(key(56), key(64))),
    ...olderAvalanche(scratch),
    ...answer(get(scratch.hash)),
  ];
  const locals = [...new Array(6).fill(type.i64), type.i32];
  return { name: 'hash', params: [type.i32], locals, body };
}

function upTo3(length, scratch) {
  const first = i32.shl(i32.load8(zero, place.input), i32.const(16));
  const half = i32.load8(i32.shr(length, i32.const(1)), place.input);
  const last = i32.load8(length, place.input - 1);
  const bytes = i32.or(i32.or(first, i32.shl(half, i32.const(24))), last);
  const all = i32.or(bytes, i32.shl(length, i32.const(8)));
  const flip = i32.xor(i32.load32(zero, place.secret), i32.load32(zero, place.secret + 4));
  return [
    ...set(scratch.hash, i64.ofI32(i32.xor(all, flip))),
    ...olderAvalanche(scratch),
    ...answer(get(scratch.hash)),
  ];
}

function upTo8(length, scratch) {
  const { hash } = scratch;
  const first = i64.shl(i64.load32(zero, place.input), constant(32n));
  const both = i64.add(first, i64.load32(length, place.input - 4));
  const turned = i64.xor(i64.rotl(get(hash), constant(49n)), i64.rotl(get(hash), constant(24n)));
  const mixed = set(hash, times(get(hash), mixers[1]));
  return [
    ...set(hash, i64.xor(both, i64.xor(key(8), key(16)))),
    ...set(hash, i64.xor(get(hash), turned)),
    ...mixed,
    ...set(hash, i64.xor(get(hash), i64.add(above(get(hash), 35), i64.ofI32(length)))),
    ...mixed,
    ...xorShifted(scratch, 28),
    ...answer(get(hash)),
  ];
}

function upTo16(length, scratch) {
  const { hash } = scratch;
  const low = i64.xor(input(0), i64.xor(key(24), key(32)));
  const high = i64.xor(inputEnd(length, -8), i64.xor(key(40), key(48)));
  const reversed = v128.shuffle(
    v128.splat(low),
    [...Array(16).keys()].map((at) => 7 - (at % 8)),
  );
  return [
    ...set(hash, i64.add(i64.add(i64.ofI32(length), v128.first(reversed)), high)),
    ...addFolded(scratch, hash, low, high),
    ...avalanche(scratch),
    ...answer(get(hash)),
  ];
}

function upTo128(length, scratch) {
  const { hash } = scratch;
  const keyed = (value, offset) => i64.xor(value, key(offset));
  const mixed = (at) => [
    ...addFolded(scratch, hash, keyed(input(at), 2 * at), keyed(input(at + 8), 2 * at + 8)),
    ...addFolded(
      scratch,
      hash,
      keyed(inputEnd(length, -16 - at), 2 * at + 16),
      keyed(inputEnd(length, -8 - at), 2 * at + 24),
    ),
  ];
  const longerThan = (most, then) => when(i32.gt(length, i32.const(most)), then);
  return [
    ...set(hash, times(i64.ofI32(length), prime64[0])),
    ...longerThan(96, mixed(48)),
    ...longerThan(64, mixed(32)),
    ...longerThan(32, mixed(16)),
    ...mixed(0),
    ...avalanche(scratch),
    ...answer(get(hash)),
  ];
}

function upTo240(length, scratch) {
  const { hash } = scratch;
  const cursor = 7;
  const at = get(cursor);
  const round = (secretAt) => [
    ...addFolded(
      scratch,
      hash,
      i64.xor(i64.load(at, place.input), i64.load(at, place.secret + secretAt)),
      i64.xor(i64.load(at, place.input + 8), i64.load(at, place.secret + secretAt + 8)),
    ),
    ...set(cursor, i32.add(at, i32.const(16))),
  ];
  const whole = i32.and(length, i32.const(-16));
  const first = i64.xor(inputEnd(length, -16), key(119));
  return [
    ...set(hash, times(i64.ofI32(length), prime64[0])),
    ...set(cursor, zero),
    ...repeat(round(0), i32.lt(at, i32.const(128))),
    ...avalanche(scratch),
    ...addFolded(scratch, hash, first, i64.xor(inputEnd(length, -8), key(127))),
    // From here on, the secret is used again from its fourth byte.
    ...when(i32.lt(at, whole), repeat(round(3 - 128), i32.lt(at, whole))),
    ...avalanche(scratch),
    ...answer(get(hash)),
  ];
}
