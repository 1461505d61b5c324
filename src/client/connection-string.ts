import { parseEndpoint } from '../session/index.js';
import { parseDuration } from './duration.js';
import { ConnectionStringError } from './errors.js';
import type { ClientCredentials, ClientOptions, ReconnectSettings } from './options.js';

/** What option keys add up to, before it becomes client options. */
interface Draft {
  tls: boolean;
  tlsDomain: string | undefined;
  tlsCaFile: string | undefined;
  tlsInsecure: boolean;
  noDelay: boolean | undefined;
  heartbeatMillis: number | undefined;
  maxFrameBytes: number | undefined;
  reconnect: { -readonly [K in keyof ReconnectSettings]: ReconnectSettings[K] };
}

type Setter = (draft: Draft, value: string, key: string) => void;

const reconnectKeys: Readonly<Record<string, Setter>> = {
  heartbeat_interval(draft, value, key) {
    draft.heartbeatMillis = duration(value, key);
  },
  reconnection_retries(draft, value, key) {
    if (value !== 'unlimited') draft.reconnect.maxRetries = count(value, key);
  },
  reconnection_interval(draft, value, key) {
    draft.reconnect.intervalMillis = duration(value, key);
  },
  reestablish_after(draft, value, key) {
    draft.reconnect.reestablishAfterMillis = duration(value, key);
  },
};

const tlsKeys: Readonly<Record<string, Setter>> = {
  tls(draft, value) {
    draft.tls = value === 'true';
  },
  tls_domain(draft, value) {
    if (value !== '') draft.tlsDomain = value;
  },
  tls_ca_file(draft, value) {
    draft.tlsCaFile = value;
  },
};

/** Sizes of buffers that this client does not have; they are only checked. */
const checkedSize: Setter = (_draft, value, key) => {
  count(value, key);
};

const keysOf: Readonly<Record<'tcp' | 'ws', Readonly<Record<string, Setter>>>> = {
  tcp: {
    ...reconnectKeys,
    ...tlsKeys,
    nodelay(draft, value) {
      draft.noDelay = value === 'true';
    },
  },
  ws: {
    ...reconnectKeys,
    ...tlsKeys,
    tls_validate_certificate(draft, value) {
      draft.tlsInsecure = value !== 'true';
    },
    max_message_size(draft, value, key) {
      draft.maxFrameBytes = count(value, key);
    },
    max_frame_size: checkedSize,
    read_buffer_size: checkedSize,
    write_buffer_size: checkedSize,
    max_write_buffer_size: checkedSize,
    accept_unmasked_frames() {
      // A server that masks nothing is always accepted.
    },
  },
};

/**
 * Reads `iggy[+tcp|+ws]://user:password@host:port[?key=value&…]`; a token in place of
 * `user:password` is a personal access token. Beyond what official clients accept, fields may be
 * percent-encoded and several `host:port` may be given, separated by commas.
 * @throws CONNECTION_STRING_INVALID
 */
export function parseConnectionString(text: string): ClientOptions {
  const [scheme = '', rest = '', ...extra] = text.split('://');
  if (rest === '' || extra.length > 0) throw problem('it must hold "://" once, after the scheme');
  const transport = transportOf(scheme);
  const [credentials = '', target = '', ...moreTargets] = rest.split('@');
  if (target === '' || moreTargets.length > 0) {
    throw problem('it must hold "@" once, between credentials and server (encode others as %40)');
  }
  const mark = target.indexOf('?');
  const servers = (mark < 0 ? target : target.slice(0, mark)).split(',');
  for (const server of servers) checkServer(server);
  const draft = emptyDraft(transport);
  if (mark >= 0) readOptions(draft, transport, target.slice(mark + 1));
  return toOptions(draft, { transport, servers, credentials: credentialsOf(credentials) });
}

function transportOf(scheme: string): 'tcp' | 'ws' {
  switch (scheme) {
    case 'iggy':
    case 'iggy+tcp':
      return 'tcp';
    case 'iggy+ws':
      return 'ws';
    case 'iggy+quic':
    case 'iggy+http':
      throw problem(`${scheme} is not supported; use iggy+tcp or iggy+ws`);
    default:
      throw problem(`unknown scheme "${scheme}"; use iggy, iggy+tcp or iggy+ws`);
  }
}

function credentialsOf(text: string): ClientCredentials {
  const [first = '', second, ...more] = text.split(':');
  if (more.length > 0) throw problem('credentials hold more than one ":" (encode it as %3A)');
  if (second === undefined) {
    if (first === '') throw problem('credentials are missing before "@"');
    return { token: decoded(first) };
  }
  if (first === '') throw problem('the user name is empty');
  if (second === '') throw problem('the password is empty');
  return { username: decoded(first), password: decoded(second) };
}

function checkServer(server: string): void {
  if (server.includes('[')) throw problem('IPv6 addresses cannot be written here');
  if (parseEndpoint(server) === undefined) {
    throw problem(`"${server}" is not host:port with a port of 1 to 65535`);
  }
}

function readOptions(draft: Draft, transport: 'tcp' | 'ws', text: string): void {
  if (text === '') {
    // Official clients accept an empty list for WebSocket only.
    if (transport === 'tcp') throw problem('there are no options after "?"');
    return;
  }
  const keys = keysOf[transport];
  for (const pair of text.split('&')) {
    const [key = '', value, ...more] = pair.split('=');
    if (value === undefined || more.length > 0) throw problem(`"${pair}" is not key=value`);
    const set = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (set === undefined) {
      const known = Object.keys(keys).sort().join(', ');
      throw problem(`unknown option "${key}" for ${transport}; known are ${known}`);
    }
    set(draft, decoded(value), key);
  }
}

function emptyDraft(transport: 'tcp' | 'ws'): Draft {
  return {
    tls: false,
    tlsDomain: undefined,
    tlsCaFile: undefined,
    tlsInsecure: transport === 'ws',
    noDelay: undefined,
    heartbeatMillis: undefined,
    maxFrameBytes: undefined,
    reconnect: {},
  };
}

function toOptions(
  draft: Draft,
  base: Required<Pick<ClientOptions, 'transport' | 'servers' | 'credentials'>>,
): ClientOptions {
  const { tlsDomain, tlsCaFile, tlsInsecure, noDelay, heartbeatMillis, maxFrameBytes } = draft;
  const tls = draft.tls && {
    insecure: tlsInsecure,
    ...(tlsDomain === undefined ? {} : { serverName: tlsDomain }),
    ...(tlsCaFile === undefined ? {} : { caFile: tlsCaFile }),
  };
  return {
    ...base,
    ...(tls === false ? {} : { tls }),
    ...(noDelay === undefined ? {} : { noDelay }),
    ...(heartbeatMillis === undefined ? {} : { heartbeatMillis }),
    ...(maxFrameBytes === undefined ? {} : { maxFrameBytes }),
    ...(Object.keys(draft.reconnect).length === 0 ? {} : { reconnect: draft.reconnect }),
  };
}

/** The field without percent-encoding; text that is not encoded stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function duration(value: string, key: string): number {
  const millis = parseDuration(value);
  if (millis === undefined) throw problem(`"${value}" is no duration for ${key}, such as 5s`);
  return millis;
}

function count(value: string, key: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) {
    throw new ConnectionStringError(`"${value}" is no number for ${key}`, 'number');
  }
  return number;
}

function problem(text: string): ConnectionStringError {
  return new ConnectionStringError(text);
}
