import type { Credentials } from './credentials.js';
import type { AmbiguousRetry } from './options.js';

/** One thing the caller of a session wants done. */
export interface CallRequest {
  /** Chosen by the caller; unique among its open calls. */
  readonly call: number;
  /** Command code. */
  readonly code: number;
  readonly body: Uint8Array;
  /** The 256 bytes in front of `body` in its buffer may be used for the header: saves a copy. */
  readonly hasRoom?: boolean;
  readonly timeoutMillis?: number;
  /** Overrides the session's rule for this call; `ambiguous` for idempotent mutations. */
  readonly retry?: AmbiguousRetry;
  readonly consistency?: 'local' | 'linearizable';
  /** Sends reads on a connection that is not logged in; the server refuses them then. */
  readonly evenUnbound?: boolean;
}

/** Everything that can happen to a client session. `now` is a monotonic time in milliseconds. */
export type SessionEvent =
  | {
      readonly kind: 'connect';
      readonly now: number;
      readonly call: number;
      readonly timeoutMillis?: number;
    }
  | {
      readonly kind: 'login';
      readonly now: number;
      readonly call: number;
      readonly credentials: Credentials;
      readonly timeoutMillis?: number;
    }
  | {
      readonly kind: 'logout';
      readonly now: number;
      readonly call: number;
      readonly timeoutMillis?: number;
    }
  | ({ readonly kind: 'call'; readonly now: number } & CallRequest)
  | { readonly kind: 'cancel'; readonly now: number; readonly call: number }
  /** Ends the connection and fails what is open; `connect` starts again. */
  | { readonly kind: 'disconnect'; readonly now: number }
  /** The end: everything fails from now on. */
  | { readonly kind: 'shutdown'; readonly now: number }
  | { readonly kind: 'opened'; readonly now: number; readonly link: number }
  | {
      readonly kind: 'open-failed';
      readonly now: number;
      readonly link: number;
      readonly reason: string;
    }
  /** Bytes of the stream, in any cut. */
  | {
      readonly kind: 'data';
      readonly now: number;
      readonly link: number;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'closed';
      readonly now: number;
      readonly link: number;
      readonly reason: string;
    }
  | { readonly kind: 'tick'; readonly now: number };
