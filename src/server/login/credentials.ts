import { toHex } from '../../base/index.js';
import { blake3, EvictionReason } from '../../wire/index.js';
import type { Core } from '../core/core.js';

/** Lengths a login accepts, in bytes; anything else is as good as a wrong password. */
const limits = { username: { min: 3, max: 50 }, password: { min: 3, max: 100 } } as const;

/** Whether name and password have lengths worth a verification. */
export function areLengthsAcceptable(usernameBytes: number, passwordBytes: number): boolean {
  return within(usernameBytes, limits.username) && within(passwordBytes, limits.password);
}

/** The user a token belongs to, or the reason of the eviction it earns. */
export type TokenCheck =
  | { readonly kind: 'user'; readonly userId: number }
  | { readonly kind: 'refused'; readonly reason: number };

/** @source Iggy session protocol, verification of personal access tokens */
export function checkToken(core: Core, token: Uint8Array): TokenCheck {
  const { metadata } = core.deps;
  const found = metadata.tokenByHash(hashToken(token));
  const invalid: TokenCheck = { kind: 'refused', reason: EvictionReason.InvalidToken };
  if (found === undefined) return invalid;
  if (found.expiryAt !== 0 && found.expiryAt <= core.now) return invalid;
  const user = metadata.user(found.userId);
  if (user === undefined) return invalid;
  if (!user.isActive) return { kind: 'refused', reason: EvictionReason.UserInactive };
  return { kind: 'user', userId: user.id };
}

/** What is stored of a token: the BLAKE3 hash of its text, 64 lower-case hexadecimal digits. */
export function hashToken(token: Uint8Array): string {
  return toHex(blake3(token));
}

function within(size: number, range: { readonly min: number; readonly max: number }): boolean {
  return size >= range.min && size <= range.max;
}
