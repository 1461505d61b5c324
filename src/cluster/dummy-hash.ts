import type { Entropy } from '../ports/index.js';

/**
 * A password hash that no password is known for, with the parameters of real ones: an unknown user's
 * password is compared with it, so that the answer takes as long as for a known one. Salt and output
 * are drawn and nothing is computed, since only the cost of the comparison matters.
 */
export function dummyPasswordHash(entropy: Entropy): string {
  const text = (length: number) => Buffer.from(entropy.bytes(length)).toString('base64');
  const bare = (base64: string) => base64.replace(/=+$/, '');
  return `$argon2id$v=19$m=19456,t=2,p=1$${bare(text(16))}$${bare(text(32))}`;
}
