import type { Dialer, DialTls } from '../platform/index.js';
import type { AmbiguousRetry, Framing, RequestMode } from '../session/index.js';

/** Logs in with a user name and a password. */
export interface PasswordCredentials {
  readonly username: string;
  readonly password: string;
}

/** Logs in with a personal access token. */
export interface TokenCredentials {
  readonly token: string;
}

export type ClientCredentials = PasswordCredentials | TokenCredentials;

/** What happens when a connection is lost. All have defaults. */
export interface ReconnectSettings {
  /** Rounds over all known nodes before giving up; unlimited by default. */
  readonly maxRetries?: number | undefined;
  /** Pause between two rounds, 1,000 ms; changed by up to a fifth at random. */
  readonly intervalMillis?: number;
  /** Distance between a successful connect and the next dial of the same node, 5,000 ms. */
  readonly reestablishAfterMillis?: number;
}

/** Everything an {@link IggyClient} can be told; every field has a default. */
export interface ClientOptions {
  /** Nodes as `host:port`, tried in order; `127.0.0.1:8090` (`:8092` for WebSocket). */
  readonly servers?: readonly string[];
  /** `tcp` by default. */
  readonly transport?: 'tcp' | 'ws';
  /** Encrypts the connection; `true` = with the public authorities. */
  readonly tls?: boolean | DialTls;
  /** Log in at the end of every connect; a later explicit logout is not undone. */
  readonly credentials?: ClientCredentials;
  /** Uses this client id instead of a random one; any other holder of it is fenced. */
  readonly clientId?: bigint;
  /** `vsr` by default; `correlated` = the 16-byte frames of a correlated listener. */
  readonly framing?: Framing;
  /** `lockstep` by default; `pipelined` only takes effect towards servers of this project. */
  readonly mode?: RequestMode;
  /** Limit of one call, replays and reconnects included; 30,000 ms. */
  readonly timeoutMillis?: number;
  /** Limit of one attempt to open a connection; 5,000 ms. */
  readonly dialTimeoutMillis?: number;
  /** `false` = a lost connection stays lost until `connect` is called. */
  readonly reconnect?: boolean | ReconnectSettings;
  /** Pause between pings, 5,000 ms; 0 = no pings. */
  readonly heartbeatMillis?: number;
  /** Move to the metadata leader after a login. True by default. */
  readonly followLeader?: boolean;
  /** `ambiguous` = send a mutation again even if it may have been applied. `never` by default. */
  readonly retry?: AmbiguousRetry;
  /** Default of all reads; `linearizable` needs servers of this project. */
  readonly consistency?: 'local' | 'linearizable';
  /** TCP_NODELAY; true by default. */
  readonly noDelay?: boolean;
  /** Frames above this are refused; 64 MiB. */
  readonly maxFrameBytes?: number;
  /** Replaces the transport altogether. */
  readonly dialer?: Dialer;
}

/** What one call can be told. */
export interface CallOptions {
  /** Ends the wait; whether a request that was already sent has an effect is then not known. */
  readonly signal?: AbortSignal;
  /** Overrides the client's limit. */
  readonly timeoutMillis?: number;
  /** `ambiguous` for mutations that may be applied twice without harm. */
  readonly retry?: AmbiguousRetry;
  /** Overrides the client's default. */
  readonly consistency?: 'local' | 'linearizable';
}
