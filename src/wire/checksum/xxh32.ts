import { getU32 } from '../../base/index.js';

const prime1 = 0x9e37_79b1;
const prime2 = 0x85eb_ca77;
const prime3 = 0xc2b2_ae3d;
const prime4 = 0x27d4_eb2f;
const prime5 = 0x1656_67b1;

/**
 * XXH32, seed 0, as an unsigned number. Only keys and names pass through here: it picks the
 * partition of a message key and numbers consumers that are known by name.
 */
export function xxh32(bytes: Uint8Array): number {
  const size = bytes.length;
  let offset = 0;
  let hash = prime5;
  if (size >= 16) {
    let a = (prime1 + prime2) | 0;
    let b = prime2;
    let c = 0;
    let d = -prime1 | 0;
    for (; offset + 16 <= size; offset += 16) {
      a = stripe(a, getU32(bytes, offset));
      b = stripe(b, getU32(bytes, offset + 4));
      c = stripe(c, getU32(bytes, offset + 8));
      d = stripe(d, getU32(bytes, offset + 12));
    }
    hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
  }
  hash = (hash + size) | 0;
  for (; offset + 4 <= size; offset += 4) {
    hash = Math.imul(rotate(hash + Math.imul(getU32(bytes, offset), prime3), 17), prime4);
  }
  for (; offset < size; offset++) {
    hash = Math.imul(rotate(hash + Math.imul(bytes[offset] ?? 0, prime5), 11), prime1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), prime2);
  hash = Math.imul(hash ^ (hash >>> 13), prime3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function stripe(lane: number, word: number): number {
  return Math.imul(rotate(lane + Math.imul(word, prime2), 13), prime1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
