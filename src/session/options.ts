import type { Credentials } from './credentials.js';
import type { Endpoint } from './endpoint.js';

/** When and how often a lost connection is made again. */
export interface ReconnectOptions {
  readonly enabled: boolean;
  /** Rounds over all known nodes before giving up; `undefined` = no limit. */
  readonly maxRetries: number | undefined;
  /** Pause between two rounds, changed by up to a fifth at random. */
  readonly intervalMillis: number;
  /** A node is not dialled again before this time has passed since it was last connected to. */
  readonly reestablishAfterMillis: number;
}

/** How many requests may be outstanding on one connection. */
export type RequestMode = 'lockstep' | 'pipelined';

/** How requests are framed. */
export type Framing = 'vsr' | 'correlated';

/** What to do with a mutation whose outcome the server cannot tell. */
export type AmbiguousRetry = 'never' | 'ambiguous';

/** Everything a client session can be told. */
export interface SessionOptions {
  /** Nodes to dial, in order; at least one. */
  readonly seeds: readonly Endpoint[];
  /** Port of the roster that belongs to the transport in use. */
  readonly rosterPort: 'tcp' | 'websocket';
  readonly framing: Framing;
  readonly mode: RequestMode;
  /** Follow the metadata leader after a login, and learn nodes from the roster. */
  readonly followLeader: boolean;
  /** Logs in at the end of every connect. */
  readonly autoLogin: Credentials | undefined;
  /** A client id to use instead of a random one. */
  readonly clientId: bigint | undefined;
  /** Limit of one call, replays and reconnects included. */
  readonly requestTimeoutMillis: number;
  /** Limit of one attempt to open a connection. */
  readonly dialTimeoutMillis: number;
  readonly reconnect: ReconnectOptions;
  /** Pause between pings; 0 = no pings. */
  readonly heartbeatMillis: number;
  readonly retry: AmbiguousRetry;
  readonly maxFrameBytes: number;
  /** Announced in the login body. */
  readonly sdkName: string;
  readonly sdkVersion: string;
  /** Packed protocol version announced in the login body. */
  readonly protocolVersion: number;
  /** Free text of the login body; ours announces that it resumes sessions. */
  readonly context: string;
}

/** Randomness the session needs; real in the SDK, seeded in the simulator. */
export interface SessionEntropy {
  /** 16 unpredictable bytes as a number; the session redraws those the protocol forbids. */
  u128(): bigint;
  /** Uniform in [0, 1). */
  unit(): number;
}

/** Timing of the protocol's client side that is not an option. @source Iggy client session layer */
export const sessionTiming = {
  /** Pause before a request answered by 57 or 58 is sent again. */
  replayPauseMillis: 50,
  /** How long 58 is replayed in place before leadership is checked again. */
  leaderCheckMillis: 2_000,
  /** Pause between looks at a roster without a leader, and how long that goes on. */
  leaderlessPollMillis: 250,
  leaderlessBudgetMillis: 5_000,
  maxRedirects: 3,
} as const;

/** Requests a correlated or pipelined connection may have outstanding. */
export const maxOutstanding = 64;

/** Frames above this size are refused in both directions. */
export const frameSizeLimit = 64 * 1024 * 1024;

/** What our SDK says in the login body; servers of ours delay the clean-up of a lost session for it. */
export const resumeContext = 'iggyctl/1;resume=1';

/** The defaults of the protocol's reference client, and ours where it leaves a choice. */
export const defaultSessionOptions: SessionOptions = {
  seeds: [{ host: '127.0.0.1', port: 8090 }],
  rosterPort: 'tcp',
  framing: 'vsr',
  mode: 'lockstep',
  followLeader: true,
  autoLogin: undefined,
  clientId: undefined,
  requestTimeoutMillis: 30_000,
  dialTimeoutMillis: 5_000,
  reconnect: {
    enabled: true,
    maxRetries: undefined,
    intervalMillis: 1_000,
    reestablishAfterMillis: 5_000,
  },
  heartbeatMillis: 5_000,
  retry: 'never',
  maxFrameBytes: frameSizeLimit,
  sdkName: 'iggyctl',
  sdkVersion: '0.0.0',
  protocolVersion: 11_264,
  context: resumeContext,
};
