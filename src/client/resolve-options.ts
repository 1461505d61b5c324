import { type Dialer, TcpDialer, WebSocketDialer } from '../platform/index.js';
import {
  defaultSessionOptions,
  type Endpoint,
  parseEndpoint,
  type ReconnectOptions,
  type SessionOptions,
} from '../session/index.js';
import { version } from '../version.js';
import { toCredentials } from './credentials.js';
import { InvalidArgumentError } from './errors.js';
import type { ClientOptions } from './options.js';

/** What a client is made of, with all defaults filled in. */
export interface ResolvedOptions {
  readonly session: SessionOptions;
  readonly dialer: Dialer;
}

const defaultServers = { tcp: '127.0.0.1:8090', ws: '127.0.0.1:8092' } as const;

/** Checks options and fills in the defaults. @throws INVALID_ARGUMENT */
export function resolveOptions(options: ClientOptions): ResolvedOptions {
  const dialer = options.dialer ?? dialerFor(options);
  const defaults = defaultSessionOptions;
  const { transport = 'tcp', credentials } = options;
  const servers = options.servers ?? [defaultServers[transport]];
  if (servers.length === 0) throw invalid('at least one server is needed', 'servers');
  const session: SessionOptions = {
    ...defaults,
    seeds: servers.map(toEndpoint),
    rosterPort: dialer.rosterPort,
    framing: options.framing ?? defaults.framing,
    mode: options.mode ?? defaults.mode,
    followLeader: options.followLeader ?? defaults.followLeader,
    autoLogin: credentials && toCredentials(credentials),
    clientId: checkedClientId(options.clientId),
    requestTimeoutMillis: options.timeoutMillis ?? defaults.requestTimeoutMillis,
    dialTimeoutMillis: options.dialTimeoutMillis ?? defaults.dialTimeoutMillis,
    reconnect: reconnectOptions(options.reconnect),
    heartbeatMillis: options.heartbeatMillis ?? defaults.heartbeatMillis,
    retry: options.retry ?? defaults.retry,
    maxFrameBytes: options.maxFrameBytes ?? defaults.maxFrameBytes,
    sdkVersion: version,
  };
  return { session, dialer };
}

/** The dialer of the chosen transport. */
export function dialerFor({
  transport = 'tcp',
  tls,
  noDelay,
  maxFrameBytes,
}: Pick<ClientOptions, 'transport' | 'tls' | 'noDelay' | 'maxFrameBytes'>): Dialer {
  const encryption = tls === true ? {} : tls === false ? undefined : tls;
  const security = encryption === undefined ? {} : { tls: encryption };
  if (transport === 'tcp') {
    return new TcpDialer({ ...security, ...(noDelay === undefined ? {} : { noDelay }) });
  }
  const limit = maxFrameBytes === undefined ? {} : { maxMessageBytes: maxFrameBytes };
  return new WebSocketDialer({ ...security, ...limit });
}

function reconnectOptions(settings: ClientOptions['reconnect']): ReconnectOptions {
  const { reconnect } = defaultSessionOptions;
  if (settings === undefined || settings === true) return reconnect;
  if (settings === false) return { ...reconnect, enabled: false };
  return {
    enabled: true,
    maxRetries: settings.maxRetries,
    intervalMillis: settings.intervalMillis ?? reconnect.intervalMillis,
    reestablishAfterMillis: settings.reestablishAfterMillis ?? reconnect.reestablishAfterMillis,
  };
}

function toEndpoint(server: string): Endpoint {
  const endpoint = parseEndpoint(server);
  if (endpoint === undefined)
    throw invalid(`server "${server}" is not host:port, such as 127.0.0.1:8090`, 'servers');
  return endpoint;
}

/** 0 belongs to nobody, ids with all ones in the upper half to servers. */
function checkedClientId(id: bigint | undefined): bigint | undefined {
  if (id === undefined) return undefined;
  const isUsable = id > 0n && id < 1n << 128n && id >> 64n !== 0xffff_ffff_ffff_ffffn;
  if (!isUsable)
    throw invalid('a client id is 1..2^128-1 without the range of servers', 'clientId');
  return id;
}

function invalid(message: string, option: string): InvalidArgumentError {
  return new InvalidArgumentError('INVALID_ARGUMENT', message, { option });
}
