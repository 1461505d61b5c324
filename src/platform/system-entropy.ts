import { randomFillSync } from 'node:crypto';
import type { Entropy } from '../ports/index.js';

/** Unpredictable bytes of the operating system. */
export class SystemEntropy implements Entropy {
  bytes(length: number): Uint8Array {
    return randomFillSync(new Uint8Array(length));
  }
}
