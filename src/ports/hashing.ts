/** Password hashing, done off the thread that runs consensus. Answers arrive later, never inline. */
export interface PasswordHashing {
  /** Hashes with argon2id at the protocol's parameters and a fresh salt; gives a PHC string. */
  hash(password: Uint8Array, done: (phc: string) => void): void;
  /** Compares a password with a PHC string; an unparsable string counts as a mismatch. */
  verify(password: Uint8Array, phc: string, done: (matches: boolean) => void): void;
}
