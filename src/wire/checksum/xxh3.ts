import { getU32, getU64 } from '../../base/index.js';
import { blockSize, inputRoom, place, stripeSize } from './xxh3-module.data.js';
import { makeXxh3, type Xxh3 } from './xxh3-module.js';

let running: Xxh3 | undefined;
let memory = new Uint8Array(0);

/** The module and its `memory`. */
function module(): Xxh3 {
  if (running === undefined) {
    running = makeXxh3();
    memory = new Uint8Array(running.memory.buffer);
  }
  return running;
}

/** XXH3-64 of the empty string; not zero. */
export const emptyXxh3 = 0x2d06_8005_38d3_94c2n;

/** XXH3-64, seed 0, of `bytes[start..end)`. */
export function xxh3(bytes: Uint8Array, start = 0, end = bytes.length): bigint {
  digest(bytes, start, end);
  return result();
}

/** The low 32 bits of XXH3-64 as a signed number: where a digest is compared and never sent. */
export function xxh3Low(bytes: Uint8Array, start = 0, end = bytes.length): number {
  digest(bytes, start, end);
  return getU32(memory, place.result) | 0;
}

/** XXH3-64 of the parts in order, without joining them. Making a part must not hash anything. */
export function xxh3Parts(parts: Iterable<Uint8Array>): bigint {
  const hasher = module();
  let filled = 0;
  let total = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; ) {
      if (filled === inputRoom) {
        drain(hasher, total === inputRoom);
        filled = 0;
      }
      const size = Math.min(inputRoom - filled, part.length - at);
      memory.set(size === part.length ? part : part.subarray(at, at + size), place.input + filled);
      filled += size;
      total += size;
      at += size;
    }
  }
  if (total <= inputRoom) hasher.hash(filled);
  else hasher.finish(filled, total);
  return result();
}

/** Mixes in all of the input, which is known not to be the last. */
function drain(hasher: Xxh3, isFirst: boolean): void {
  if (isFirst) hasher.begin();
  hasher.blocks(inputRoom / blockSize);
  const end = place.input + inputRoom;
  memory.copyWithin(place.input - stripeSize, end - stripeSize, end);
}

/** Writes the hash of `bytes[start..end)` to `target` as 8 bytes, little-endian. */
export function writeXxh3(
  target: Uint8Array,
  targetOffset: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  digest(bytes, start, end);
  for (let i = 0; i < 8; i++) target[targetOffset + i] = memory[place.result + i] ?? 0;
}

/** True when the 8 bytes at `expectedOffset` are the hash of `bytes[start..end)`. */
export function matchesXxh3(
  expected: Uint8Array,
  expectedOffset: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  digest(bytes, start, end);
  const result = place.result;
  return (
    getU32(expected, expectedOffset) === getU32(memory, result) &&
    getU32(expected, expectedOffset + 4) === getU32(memory, result + 4)
  );
}

/** Writes the hash as a 16-byte checksum field: 8 bytes of hash, 8 zero bytes. */
export function writeChecksum(
  target: Uint8Array,
  targetOffset: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  writeXxh3(target, targetOffset, bytes, start, end);
  target.fill(0, targetOffset + 8, targetOffset + 16);
}

/** Compares all 16 bytes of a checksum field: a nonzero upper half is a mismatch. */
export function matchesChecksum(
  expected: Uint8Array,
  expectedOffset: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  return (
    getU32(expected, expectedOffset + 8) === 0 &&
    getU32(expected, expectedOffset + 12) === 0 &&
    matchesXxh3(expected, expectedOffset, bytes, start, end)
  );
}

/** Leaves the hash in memory. */
function digest(bytes: Uint8Array, start: number, end: number): void {
  if (end - start > inputRoom) {
    xxh3Parts([bytes.subarray(start, end)]);
    return;
  }
  const hasher = module();
  // A view costs more than hashing a header does, so none is made when all bytes are wanted.
  const whole = start === 0 && end === bytes.length;
  memory.set(whole ? bytes : bytes.subarray(start, end), place.input);
  hasher.hash(end - start);
}

function result(): bigint {
  return getU64(memory, place.result);
}
