import { assert } from './assert.js';
import { encodeUtf8 } from './utf8.js';

const two32 = 0x1_0000_0000;

/**
 * A seeded stream of pseudo-random numbers (xoshiro128**): fast, the same on every platform, not
 * for secrets.
 */
export interface Prng {
  /** Uniform in `0..2^32-1`. */
  u32(): number;
  /** Uniform in `0..2^64-1`. */
  u64(): bigint;
  /** Uniform in `0..n-1`; `n` is an integer in `1..2^53-1`. */
  below(n: number): number;
  /** Uniform integer in `min..max`, both included. */
  between(min: number, max: number): number;
  /** Uniform in `[0, 1)` with 53 bits. */
  unit(): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** One element of a non-empty list. */
  pick<T>(items: readonly T[]): T;
  bytes(size: number): Uint8Array;
  /**
   * An independent stream that depends on the seed and the name only: draws made here before do
   * not change it, so adding a draw in one place moves nothing elsewhere.
   */
  fork(name: string): Prng;
}

/** @param seed any integer; taken modulo 2^64. */
export function createPrng(seed: bigint | number): Prng {
  const wide = BigInt.asUintN(64, BigInt(seed));
  return new Xoshiro(Number(wide & 0xffff_ffffn), Number(wide >> 32n));
}

class Xoshiro implements Prng {
  readonly #keyLow: number;
  readonly #keyHigh: number;
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(keyLow: number, keyHigh: number) {
    this.#keyLow = keyLow;
    this.#keyHigh = keyHigh;
    this.#a = mix(keyLow ^ 0x9e37_79b9);
    this.#b = mix((keyHigh + 0x85eb_ca6b) ^ this.#a);
    this.#c = mix((keyLow + 0xc2b2_ae35) ^ this.#b);
    // Odd, hence the state is never all zero, which would be a fixed point.
    this.#d = mix((keyHigh + 0x27d4_eb2f) ^ this.#c) | 1;
  }

  u32(): number {
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  u64(): bigint {
    const high = this.u32();
    return (BigInt(high) << 32n) | BigInt(this.u32());
  }

  below(n: number): number {
    if (n > two32) return Math.floor(this.unit() * n);
    // Draws above the last whole multiple of n are repeated, so that no value is favoured.
    const limit = two32 - (two32 % n);
    let draw = this.u32();
    while (draw >= limit) draw = this.u32();
    return draw % n;
  }

  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  unit(): number {
    const high = this.u32() >>> 5;
    return (high * 0x400_0000 + (this.u32() >>> 6)) / 0x20_0000_0000_0000;
  }

  chance(p: number): boolean {
    return this.unit() < p;
  }

  pick<T>(items: readonly T[]): T {
    assert(items.length > 0, 'cannot pick from an empty list');
    return items[this.below(items.length)] as T;
  }

  bytes(size: number): Uint8Array {
    const filled = new Uint8Array(size);
    for (let i = 0; i < size; i += 4) {
      const word = this.u32();
      for (let k = 0; k < 4 && i + k < size; k++) filled[i + k] = word >>> (8 * k);
    }
    return filled;
  }

  fork(name: string): Prng {
    let low = this.#keyLow ^ 0x811c_9dc5;
    let high = this.#keyHigh ^ 0x1000_193;
    for (const byte of encodeUtf8(name)) {
      low = mix(Math.imul(low ^ byte, 0x0100_0193) + high);
      high = mix(Math.imul(high + byte, 0x85eb_ca6b) ^ low);
    }
    return new Xoshiro(mix(low ^ 0x5bd1_e995), mix(high ^ low));
  }
}

/** A bijective finaliser of 32 bits (murmur3). */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
