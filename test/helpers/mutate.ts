import type { Prng } from '../../src/base/index.js';

const telling = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff];

/** A damaged copy: some bytes changed, lengths blown up, parts cut out, repeated or appended. */
export function mutated(prng: Prng, sample: Uint8Array): Uint8Array {
  let bytes = Uint8Array.from(sample);
  for (let left = 1 + prng.below(4); left > 0; left--) bytes = damagedOnce(prng, bytes);
  return bytes;
}

function damagedOnce(prng: Prng, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = prng.below(bytes.length + 1);
  switch (prng.below(8)) {
    case 0:
      return bytes.slice(0, at);
    case 1: {
      const end = at + prng.below(9);
      return joined(bytes.subarray(0, at), bytes.subarray(Math.min(end, bytes.length)));
    }
    case 2:
      return joined(bytes.subarray(0, at), prng.bytes(1 + prng.below(8)), bytes.subarray(at));
    case 3: {
      const from = prng.below(bytes.length + 1);
      return joined(bytes.subarray(0, at), bytes.subarray(from));
    }
    case 4:
      // Lengths and counts that promise more than there is.
      for (let i = at; i < Math.min(at + 4, bytes.length); i++) bytes[i] = 0xff;
      return bytes;
    case 5:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << prng.below(8));
      return bytes;
    case 6:
      if (at < bytes.length) bytes[at] = prng.pick(telling);
      return bytes;
    default:
      if (at < bytes.length) bytes[at] = prng.below(256);
      return bytes;
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Random bytes; often small values, which are lengths and tags that fit. */
export function randomBytes(prng: Prng, most: number): Uint8Array {
  const bytes = prng.bytes(prng.below(most));
  if (prng.chance(0.5)) for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) % 6;
  return bytes;
}
