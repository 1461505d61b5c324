import { call, get, i32, i64, repeat, set, type, v128, when } from './assembler.mjs';
import {
  addFolded,
  answer,
  avalanche,
  blockSize,
  constant,
  firstLanes,
  key,
  place,
  prime32,
  prime64,
  stripeSize,
  times,
  zero,
} from './mix.mjs';

/** The secret's offsets for scrambling, for the last stripe, and for merging the lanes. */
const at = { scramble: 128, lastStripe: 121, merge: 11 };

const bytes = (...numbers) =>
  numbers.flatMap((number) => [0, 1, 2, 3].map((each) => 4 * number + each));
const swapped = bytes(2, 3, 0, 1);
const evens = bytes(0, 2, 0, 2);
const odds = bytes(1, 3, 1, 3);

function loadLanes({ pairs }) {
  return pairs.flatMap((pair, i) => set(pair, v128.load(zero, place.lanes + 16 * i)));
}

function storeLanes({ pairs }) {
  return pairs.flatMap((pair, i) => v128.store(zero, place.lanes + 16 * i, get(pair)));
}

/** Mixes in the stripe at an address, with the secret from an address and an offset on. */
function addStripe(lanes, stripe, secretFrom, offset = 0) {
  const { pairs, data, keyed } = lanes;
  return pairs.flatMap((pair, i) => {
    const key = v128.load(secretFrom, place.secret + offset + 16 * i);
    const low = v128.shuffle(get(keyed), evens);
    const product = v128.mulLow32(low, v128.shuffle(get(keyed), odds));
    return [
      ...set(data, v128.load(stripe, 16 * i)),
      ...set(keyed, v128.xor(get(data), key)),
      // A lane is given the data of its neighbour, so that zeros in one do not hide it.
      ...set(pair, v128.add(get(pair), v128.add(v128.shuffle(get(data), swapped), product))),
    ];
  });
}

function scramble({ pairs }) {
  return pairs.flatMap((pair, i) => {
    const shifted = v128.xor(get(pair), v128.shr(get(pair), i32.const(47)));
    const keyed = v128.xor(shifted, v128.load(zero, place.secret + at.scramble + 16 * i));
    return set(pair, v128.mul(keyed, v128.splat(constant(prime32[0]))));
  });
}

/** `begin()`: starts a hash of more than 240 bytes. */
export function beginFunction() {
  const body = firstLanes.flatMap((lane, i) =>
    i64.store(zero, place.lanes + 8 * i, constant(lane)),
  );
  return { name: 'begin', params: [], locals: [], body };
}

/** `blocks(count)`: mixes in so many whole blocks, when more bytes follow them; at least one. */
export function blocksFunction() {
  const [count, stripe, secretAt] = [0, 1, 2];
  const lanes = { pairs: [3, 4, 5, 6], data: 7, keyed: 8 };
  const stripes = repeat(
    [
      ...addStripe(lanes, get(stripe), get(secretAt)),
      ...set(stripe, i32.add(get(stripe), i32.const(stripeSize))),
      ...set(secretAt, i32.add(get(secretAt), i32.const(8))),
    ],
    i32.lt(get(secretAt), i32.const((8 * blockSize) / stripeSize)),
  );
  const body = [
    ...loadLanes(lanes),
    ...set(stripe, i32.const(place.input)),
    ...repeat(
      [
        ...set(secretAt, zero),
        ...stripes,
        ...scramble(lanes),
        ...set(count, i32.sub(get(count), i32.const(1))),
      ],
      get(count),
    ),
    ...storeLanes(lanes),
  ];
  const locals = [type.i32, type.i32, ...new Array(6).fill(type.v128)];
  return { name: 'blocks', params: [type.i32], locals, body };
}

/**
 * `finish(length, total)`: mixes in what lies in the room for input, at least one byte, and ends a hash
 * of so many bytes in all. In front of the input lie the bytes that were there before it.
 *
 * @param blocks - index of the function that mixes in whole blocks.
 */
export function finishFunction(blocks) {
  const [length, total, count, stripe, stop, secretAt] = [0, 1, 2, 3, 4, 5];
  const lanes = { pairs: [6, 7, 8, 9], data: 10, keyed: 11 };
  const scratch = { hash: 12, product: [13, 14, 15, 16, 17] };
  const before = i32.sub(get(length), i32.const(1));
  const whole = (size) => i32.and(before, i32.const(-size));
  const stripes = repeat(
    [
      ...addStripe(lanes, get(stripe), get(secretAt)),
      ...set(stripe, i32.add(get(stripe), i32.const(stripeSize))),
      ...set(secretAt, i32.add(get(secretAt), i32.const(8))),
    ],
    i32.lt(get(stripe), get(stop)),
  );
  const last = i32.add(get(length), i32.const(place.input - stripeSize));
  const body = [
    ...set(count, i32.shr(before, i32.const(Math.log2(blockSize)))),
    ...when(get(count), call(blocks, get(count))),
    ...loadLanes(lanes),
    ...set(stripe, i32.add(whole(blockSize), i32.const(place.input))),
    ...set(stop, i32.add(whole(stripeSize), i32.const(place.input))),
    ...when(i32.lt(get(stripe), get(stop)), stripes),
    ...set(stripe, last),
    ...addStripe(lanes, get(stripe), zero, at.lastStripe),
    ...storeLanes(lanes),
    ...set(scratch.hash, times(i64.ofF64(get(total)), prime64[0])),
    ...[0, 16, 32, 48].flatMap((offset) => {
      const keyed = (more) =>
        i64.xor(i64.load(zero, place.lanes + offset + more), key(at.merge + offset + more));
      return addFolded(scratch, scratch.hash, keyed(0), keyed(8));
    }),
    ...avalanche(scratch),
    ...answer(get(scratch.hash)),
  ];
  const locals = [
    ...new Array(4).fill(type.i32),
    ...new Array(6).fill(type.v128),
    ...new Array(6).fill(type.i64),
  ];
  return { name: 'finish', params: [type.i32, type.f64], locals, body };
}
