import { readFileSync } from 'node:fs';
import type { ClientCredentials, ClientOptions, DialTls } from '../../client/index.js';
import { CliError, usageError } from '../cli-error.js';
import { ioError } from '../config/private-file.js';
import type { Settings } from '../config/settings.js';
import { parseDuration } from '../values.js';
import type { FoundCredentials } from './credentials.js';

/** What the command line says about the connection besides the settings. */
export interface ConnectionChoice {
  readonly credentials: FoundCredentials | undefined;
  readonly retries: number;
  readonly clientId?: bigint | undefined;
  readonly followLeader?: boolean | undefined;
  readonly servers?: readonly string[] | undefined;
  /** Pause between pings; 0, none, for commands that end soon. */
  readonly heartbeatMillis?: number | undefined;
}

/** Options of the SDK's client. @throws CliError E_USAGE, E_UNSUPPORTED */
export function clientOptions(settings: Settings, choice: ConnectionChoice): ClientOptions {
  const { credentials, retries, clientId } = choice;
  const timeoutMillis = timeoutOf(settings);
  const isCorrelated = settings.text('framing').value === 'correlated';
  if (isCorrelated && (settings.node !== undefined || clientId !== undefined)) {
    throw usageError('--framing correlated takes neither --node nor --client-id');
  }
  return {
    servers: choice.servers ?? settings.servers,
    transport: transportOf(settings),
    ...tlsOf(settings),
    ...(credentials === undefined ? {} : { credentials: revealed(credentials) }),
    ...(clientId === undefined ? {} : { clientId }),
    framing: isCorrelated ? 'correlated' : 'vsr',
    ...(isCorrelated ? { mode: 'pipelined' as const } : {}),
    timeoutMillis,
    dialTimeoutMillis: timeoutMillis,
    reconnect: { maxRetries: retries, intervalMillis: 100, reestablishAfterMillis: 100 },
    heartbeatMillis: choice.heartbeatMillis ?? 0,
    followLeader: choice.followLeader ?? (!isCorrelated && settings.node === undefined),
    consistency: settings.text('consistency').value === 'linearizable' ? 'linearizable' : 'local',
  };
}

/** The limit of one request in milliseconds. */
export function timeoutOf(settings: Settings): number {
  const micros = parseDuration(settings.text('timeout').value, '--timeout');
  return Math.max(1, Math.round(micros / 1000));
}

/** The transport to use. @throws CliError E_UNSUPPORTED */
export function transportOf(settings: Settings): 'tcp' | 'ws' {
  const { value } = settings.text('transport');
  if (value === 'tcp' || value === 'ws') return value;
  throw new CliError('E_UNSUPPORTED', `the transport ${value} is not supported; use tcp or ws`);
}

/** How to encrypt, if at all. */
export function tlsOf(settings: Settings): { readonly tls?: DialTls } {
  const caFile = settings.text('tls.ca').value;
  const serverName = settings.text('tls.server_name').value;
  const insecure = settings.isOn('tls.insecure');
  if (!settings.isOn('tls.enabled') && caFile === '' && !insecure) return {};
  return {
    tls: {
      ...(caFile === '' ? {} : { ca: authorities(caFile) }),
      ...(serverName === '' ? {} : { serverName }),
      insecure,
    },
  };
}

function revealed(found: FoundCredentials): ClientCredentials {
  if (found.method === 'token') return { token: found.token.reveal() };
  return { username: found.username, password: found.password.reveal() };
}

/** Read before anything is dialled: a file that is not there is no failure of a connection. */
function authorities(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw ioError('read', path, error);
  }
}
