/** What a decision is about. The numbers are part of every recorded seed: never reused, only added. */
export const domain = {
  plan: 1,
  linkLoss: 2,
  linkDelay: 3,
  linkCopy: 4,
  linkCopyDelay: 5,
  linkCorrupt: 6,
  linkOrder: 7,
  diskDelay: 8,
  diskCrash: 9,
  diskTear: 10,
  diskFail: 11,
  tickOrder: 12,
  client: 13,
  clientLink: 14,
  entropy: 15,
  sessionEntropy: 16,
  final: 17,
  rot: 18,
  burst: 19,
  chunk: 20,
  hashing: 21,
  linkForge: 22,
  linkTrouble: 23,
  pipe: 24,
  misplaced: 25,
  lostReply: 26,
  chaos: 27,
  clientDamage: 28,
  clientTrouble: 29,
  dataRot: 30,
  names: 31,
  data: 40,
  rough: 50,
} as const;

/** One of {@link domain}. */
export type Domain = (typeof domain)[keyof typeof domain];

/**
 * Decisions by key: each is a hash of the seed, its domain and up to three numbers that name its
 * subject. There is no stream, so a decision more or less anywhere moves no other one.
 */
export class Dice {
  readonly #low: number;
  readonly #high: number;

  /** @param seed taken modulo 2^64 */
  constructor(seed: bigint) {
    const wide = BigInt.asUintN(64, seed);
    this.#low = Number(wide & 0xffff_ffffn);
    this.#high = Number(wide >> 32n);
  }

  /** Uniform in 0..2^32-1. */
  u32(of: Domain, a = 0, b = 0, c = 0): number {
    let h = mix(this.#low ^ Math.imul(of, 0x9e37_79b1));
    h = mix(h ^ this.#high ^ 0x85eb_ca6b);
    h = mix((h + Math.imul(a, 0x9e37_79b1)) | 0);
    h = mix((h ^ Math.imul(b, 0xc2b2_ae35)) | 0);
    h = mix((h + Math.imul(c, 0x27d4_eb2f) + 0x1656_67b1) | 0);
    return h >>> 0;
  }

  /** Uniform in 0..n-1, n up to 2^32. */
  below(n: number, of: Domain, a = 0, b = 0, c = 0): number {
    return Math.floor((this.u32(of, a, b, c) * n) / 0x1_0000_0000);
  }

  /** True with a probability of `ppm` millionths. */
  chance(ppm: number, of: Domain, a = 0, b = 0, c = 0): boolean {
    return ppm > 0 && this.below(1_000_000, of, a, b, c) < ppm;
  }

  /** Integer with an exponential distribution of about this mean; integer arithmetic only. */
  exponential(mean: number, of: Domain, a = 0, b = 0, c = 0): number {
    if (mean <= 0) return 0;
    const word = this.u32(of, a, b, c) | 1;
    const zeros = Math.clz32(word);
    const mantissa = (word << zeros) >>> 8;
    // -log2 of the draw in 1/1024, linear between powers of two; 710/1024 is ln 2.
    const log2 = (zeros + 1) * 1024 - Math.floor((mantissa - 0x80_0000) / 0x2000);
    return Math.floor((mean * log2 * 710) / 0x10_0000);
  }
}

/** A bijective finaliser of 32 bits. */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x7feb_352d);
  h = Math.imul(h ^ (h >>> 15), 0x846c_a68b);
  return h ^ (h >>> 16);
}
