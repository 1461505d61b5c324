import type { SdkIdentity } from '../core/connection.js';
import type { Request } from '../core/request.js';
import type { LoginForm } from './login-body.js';

/** One attempt to log in, from its first byte to its answer. */
export interface Login {
  readonly request: Request;
  /** The id the client presented. */
  readonly clientId: bigint;
  readonly sdk: SdkIdentity;
  /** Whose failures it counts as. */
  readonly accounts: readonly string[];
  /** Forms not given up yet; the first is the one under way. */
  readonly forms: LoginForm[];
  /** A password was compared and did not match. */
  rejected: boolean;
  /** The account that the password was compared with and did not match, as it was then. */
  compared: string | undefined;
  /** Times that credentials unknown here were looked up again. */
  looks: number;
  /** Set once the credentials were accepted. */
  userId: number;
  announcedResume: boolean;
}
