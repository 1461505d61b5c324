/** Encryption of stored messages. Both ways are synchronous, as stamping and polling are. */
export interface MessageCipher {
  /** Ciphertext that `open` takes back; never the same twice. */
  seal(plain: Uint8Array): Uint8Array;
  /** `undefined` for what was not sealed with this key, or has changed since. */
  open(sealed: Uint8Array): Uint8Array | undefined;
}
