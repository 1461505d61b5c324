import type { Credentials } from '../session/index.js';
import type { ClientCredentials } from './options.js';

/** The tagged form the session uses. */
export function toCredentials(credentials: ClientCredentials): Credentials {
  return 'token' in credentials
    ? { kind: 'token', token: credentials.token }
    : { kind: 'password', username: credentials.username, password: credentials.password };
}
