import { encodeUtf8, Utf8Error } from '../base/index.js';
import type { Credentials } from '../session/index.js';
import { InvalidArgumentError } from './errors.js';
import type { ClientCredentials } from './options.js';

/** The form the session uses. @throws INVALID_ARGUMENT for what no server can accept */
export function toCredentials(credentials: ClientCredentials): Credentials {
  if ('token' in credentials) {
    checkSize('an access token', credentials.token, { min: 1, max: 255, code: 53 });
    return { kind: 'token', token: credentials.token };
  }
  const { username, password } = credentials;
  checkSize('a user name', username, { min: 3, max: 50, code: 43 });
  checkSize('a password', password, { min: 3, max: 100, code: 44 });
  return { kind: 'password', username, password };
}

/** The text itself stays out of the message: it may be a secret. */
function checkSize(
  what: string,
  text: string,
  { min, max, code }: { readonly min: number; readonly max: number; readonly code: number },
): void {
  const size = sizeOf(text);
  if (size >= min && size <= max) return;
  const message =
    size < 0 ? `${what} must be valid Unicode` : `${what} has ${min} to ${max} bytes, not ${size}`;
  throw new InvalidArgumentError(
    'INVALID_ARGUMENT',
    message,
    { min, max, size },
    { protocolCode: code },
  );
}

/** Bytes of a text, or -1 when it has none because of a lone surrogate. */
function sizeOf(text: string): number {
  try {
    return encodeUtf8(text).length;
  } catch (error) {
    if (error instanceof Utf8Error) return -1;
    throw error;
  }
}
