import { getU32 } from '../../base/index.js';

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

/** A digest of 32 bits of some bytes; fast, not for safety. */
export function digestOf(bytes: Uint8Array): number {
  let hash = bytes.length;
  const end = bytes.length & ~3;
  for (let at = 0; at < end; at += 4) {
    hash = Math.imul(hash ^ getU32(bytes, at), 0x9e37_79b1);
    hash = (hash << 13) | (hash >>> 19);
  }
  for (let at = end; at < bytes.length; at++) {
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
