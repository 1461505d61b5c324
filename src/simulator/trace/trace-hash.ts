import { getU32 } from '../../base/index.js';
import { xxh3Low } from '../../wire/index.js';

/** Events between two entries of the list that locates a divergence. */
const checkpointEvery = 1000;

/** A rolling hash of 64 bits over everything that happens, with values kept along the way. */
export class TraceHash {
  /** The hash after every 1,000th event. */
  readonly checkpoints: string[] = [];
  #low = 0x1234_5678;
  #high = 0x9abc_def0 | 0;
  #events = 0;

  get events(): number {
    return this.#events;
  }

  /** 16 hexadecimal digits. */
  get value(): string {
    return hex(this.#high) + hex(this.#low);
  }

  add(tick: number, kind: number, subject: number, digest: number): void {
    this.#events += 1;
    let low = Math.imul(this.#low ^ tick, 0x85eb_ca6b);
    low = Math.imul((low ^ (low >>> 15)) + kind + Math.imul(subject, 31), 0xc2b2_ae35);
    this.#low = low ^ (low >>> 13) ^ digest;
    const high = Math.imul(this.#high + digest, 0x27d4_eb2f) ^ this.#low;
    this.#high = (high << 7) | (high >>> 25);
    if (this.#events % checkpointEvery === 0) this.checkpoints.push(this.value);
  }
}

/** Bytes from which on the work of a call into the other hash is made up for. */
const longFrom = 1024;

/** A digest of 32 bits of `bytes[start..end)`; fast, not for safety. */
export function digestOf(bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (end - start >= longFrom) return xxh3Low(bytes, start, end);
  let hash = end - start;
  const words = start + (hash & ~3);
  for (let at = start; at < words; at += 4) {
    hash = Math.imul(hash ^ getU32(bytes, at), 0x9e37_79b1);
    hash = (hash << 13) | (hash >>> 19);
  }
  for (let at = words; at < end; at++) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x85eb_ca6b);
  }
  return hash ^ (hash >>> 16);
}

/** A digest of 32 bits of a text. */
export function digestOfText(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return hash;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
