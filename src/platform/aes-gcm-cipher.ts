import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';
import { concatBytes } from '../base/index.js';
import type { MessageCipher } from '../ports/index.js';

/** Length of a key. */
export const cipherKeyBytes = 32;

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM: a random nonce, the ciphertext, the tag. The key is kept where nothing prints it.
 * @source Iggy server, encryption at rest
 */
export class AesGcmCipher implements MessageCipher {
  readonly #key: KeyObject;

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  seal(plain: Uint8Array): Uint8Array {
    const nonce = randomFillSync(new Uint8Array(nonceBytes));
    const cipher = createCipheriv(algorithm, this.#key, nonce);
    const text = cipher.update(plain);
    return concatBytes([nonce, text, cipher.final(), cipher.getAuthTag()]);
  }

  open(sealed: Uint8Array): Uint8Array | undefined {
    const end = sealed.length - tagBytes;
    if (end < nonceBytes) return undefined;
    const decipher = createDecipheriv(algorithm, this.#key, sealed.subarray(0, nonceBytes));
    decipher.setAuthTag(sealed.subarray(end));
    const text = decipher.update(sealed.subarray(nonceBytes, end));
    try {
      return concatBytes([text, decipher.final()]);
    } catch {
      // Another key, or changed bytes: the tag does not fit.
      return undefined;
    }
  }
}
