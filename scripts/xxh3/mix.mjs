import { get, i32, i64, leave, set } from './assembler.mjs';

// XXH3, 64 bits, seed 0, default secret: https://github.com/Cyan4973/xxHash, doc/xxhash_spec.md.

/**
 * Where things lie in the memory of the module. In front of the input there is room for a stripe, and in
 * front of the secret for offsets that count from the end of its use.
 */
export const place = { secret: 128, result: 320, lanes: 336, input: 512 };
/** Bytes of input that the memory has room for: a multiple of a block. */
export const inputRoom = 128 * 1024;
/** Input is mixed in stripes of 64 bytes; after each block of 16 stripes the lanes are scrambled. */
export const stripeSize = 64;
export const blockSize = 1024;

export const secret =
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f' +
  'cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
  '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8' +
  'fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364ea' +
  'c5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b' +
  '16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e';

export const prime32 = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn];
export const prime64 = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
];
export const mixers = [0x165667919e3779f9n, 0x9fb21c651e98df25n];
export const firstLanes = [
  ...[prime32[2], prime64[0], prime64[1], prime64[2]],
  ...[prime64[3], prime32[1], prime64[4], prime32[0]],
];

export const zero = i32.const(0);
export const constant = i64.const;
export const times = (value, factor) => i64.mul(value, constant(factor));
export const above = (value, bits) => i64.shr(value, constant(BigInt(bits)));
const low32 = (value) => i64.and(value, constant(0xffffffffn));
const high32 = (value) => above(value, 32);
/** Eight bytes of the secret. */
export const key = (offset) => i64.load(zero, place.secret + offset);
/** Eight bytes of the input, from its start, or from `length` when the offset is negative. */
export const input = (offset) => i64.load(zero, place.input + offset);
export const inputEnd = (length, offset) => i64.load(length, place.input + offset);
export const answer = (value) => [...i64.store(zero, place.result, value), ...leave];

/** Folds the higher bits of the hash into its lower ones. */
export function xorShifted({ hash }, bits) {
  return set(hash, i64.xor(get(hash), above(get(hash), bits)));
}

/** Lets each bit of the hash change all others. */
export function avalanche(scratch) {
  const { hash } = scratch;
  const mixed = set(hash, times(get(hash), mixers[0]));
  return [...xorShifted(scratch, 37), ...mixed, ...xorShifted(scratch, 32)];
}

/** The avalanche of the older hash, which the shortest inputs use. */
export function olderAvalanche(scratch) {
  const { hash } = scratch;
  return [
    ...xorShifted(scratch, 33),
    ...set(hash, times(get(hash), prime64[1])),
    ...xorShifted(scratch, 29),
    ...set(hash, times(get(hash), prime64[2])),
    ...xorShifted(scratch, 32),
  ];
}

/** Adds to `sum` the exclusive-or of both halves of a 128-bit product. */
export function addFolded({ product }, sum, left, right) {
  const [a, b, low, middle, cross] = product;
  const [x, y] = [get(a), get(b)];
  const carry = i64.add(high32(get(low)), low32(get(middle)));
  const highs = i64.add(high32(get(middle)), high32(get(cross)));
  const upper = i64.add(highs, i64.mul(high32(x), high32(y)));
  const lower = i64.or(i64.shl(get(cross), constant(32n)), low32(get(low)));
  return [
    ...set(a, left),
    ...set(b, right),
    ...set(low, i64.mul(low32(x), low32(y))),
    ...set(middle, i64.mul(high32(x), low32(y))),
    ...set(cross, i64.add(carry, i64.mul(low32(x), high32(y)))),
    ...set(sum, i64.add(get(sum), i64.xor(upper, lower))),
  ];
}
