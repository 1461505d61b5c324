import { encodeUtf8, getU32, setU32 } from '../../base/index.js';

// Only cluster names, shared secrets and handshake transcripts pass through here, once per
// connection. The key-derivation mode they need is missing from the hashing library.

const chunkSize = 1024;
const blockSize = 64;

const flag = {
  chunkStart: 1,
  chunkEnd: 2,
  parent: 4,
  root: 8,
  keyed: 16,
  deriveContext: 32,
  deriveMaterial: 64,
} as const;

const initial: readonly number[] = [
  0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
  0x5be0_cd19,
];

/** Where each message word goes between rounds. */
const permutation: readonly number[] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

/** The four state words that each of the eight mixing steps of a round works on. */
const lanes: readonly (readonly [number, number, number, number])[] = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

/** BLAKE3, 32 bytes. */
export function blake3(input: Uint8Array): Uint8Array {
  return hash(initial, input, 0);
}

/** BLAKE3 keyed hash, 32 bytes; `key` has 32 bytes. */
export function blake3Keyed(key: Uint8Array, input: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new RangeError(`a BLAKE3 key has 32 bytes, not ${key.length}`);
  return hash(wordsOf(key), input, flag.keyed);
}

/** BLAKE3 key derivation, 32 bytes. */
export function blake3DeriveKey(context: string, material: Uint8Array): Uint8Array {
  const contextKey = hash(initial, encodeUtf8(context), flag.deriveContext);
  return hash(wordsOf(contextKey), material, flag.deriveMaterial);
}

function hash(key: readonly number[], input: Uint8Array, mode: number): Uint8Array {
  const words = subtree(key, input, 0, mode, true);
  const digest = new Uint8Array(32);
  for (const [i, word] of words.entries()) setU32(digest, 4 * i, word);
  return digest;
}

/** Chaining value of a part of the input that begins at chunk number `counter`. */
function subtree(
  key: readonly number[],
  input: Uint8Array,
  counter: number,
  mode: number,
  isRoot: boolean,
): readonly number[] {
  const root = isRoot ? flag.root : 0;
  if (input.length <= chunkSize) return chunk(key, input, counter, mode, root);
  // The left part is the largest power of two of chunks that leaves something for the right.
  const chunks = Math.ceil(input.length / chunkSize);
  const leftChunks = 2 ** Math.floor(Math.log2(chunks - 1));
  const cut = leftChunks * chunkSize;
  const left = subtree(key, input.subarray(0, cut), counter, mode, false);
  const right = subtree(key, input.subarray(cut), counter + leftChunks, mode, false);
  return compress(key, [...left, ...right], 0, blockSize, mode | flag.parent | root);
}

function chunk(
  key: readonly number[],
  input: Uint8Array,
  counter: number,
  mode: number,
  root: number,
): readonly number[] {
  const blocks = Math.max(1, Math.ceil(input.length / blockSize));
  let chaining = key;
  for (let i = 0; i < blocks; i++) {
    const block = input.subarray(i * blockSize, (i + 1) * blockSize);
    const padded = new Uint8Array(blockSize);
    padded.set(block);
    const first = i === 0 ? flag.chunkStart : 0;
    const last = i === blocks - 1 ? flag.chunkEnd | root : 0;
    chaining = compress(chaining, wordsOf(padded), counter, block.length, mode | first | last);
  }
  return chaining;
}

function compress(
  chaining: readonly number[],
  block: readonly number[],
  counter: number,
  length: number,
  flags: number,
): readonly number[] {
  const high = Math.floor(counter / 0x1_0000_0000);
  const state = [...chaining, ...initial.slice(0, 4), counter, high, length, flags];
  const v = Uint32Array.from(state);
  let message = block;
  for (let round = 0; round < 7; round++) {
    for (const [i, lane] of lanes.entries()) {
      mix(v, lane, message[2 * i] ?? 0, message[2 * i + 1] ?? 0);
    }
    const words = message;
    message = permutation.map((from) => words[from] ?? 0);
  }
  return Array.from({ length: 8 }, (_, i) => ((v[i] ?? 0) ^ (v[i + 8] ?? 0)) >>> 0);
}

function mix(
  v: Uint32Array,
  [a, b, c, d]: readonly [number, number, number, number],
  x: number,
  y: number,
): void {
  const at = (i: number): number => v[i] ?? 0;
  v[a] = at(a) + at(b) + x;
  v[d] = rotateRight(at(d) ^ at(a), 16);
  v[c] = at(c) + at(d);
  v[b] = rotateRight(at(b) ^ at(c), 12);
  v[a] = at(a) + at(b) + y;
  v[d] = rotateRight(at(d) ^ at(a), 8);
  v[c] = at(c) + at(d);
  v[b] = rotateRight(at(b) ^ at(c), 7);
}

function rotateRight(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function wordsOf(bytes: Uint8Array): readonly number[] {
  return Array.from({ length: bytes.length / 4 }, (_, i) => getU32(bytes, 4 * i));
}
