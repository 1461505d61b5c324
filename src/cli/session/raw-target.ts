import type { Endpoint } from '../../client/index.js';
import { formatEndpoint } from '../../client/index.js';
import { usageError } from '../cli-error.js';
import type { Settings } from '../config/settings.js';
import { clientOptions, timeoutOf } from '../connect/client-options.js';
import type { FoundCredentials } from '../connect/credentials.js';
import type { RawTarget } from './raw-session.js';

/** How single frames reach a node: over the transport that clients would use. @throws CliError */
export function rawOptionsOf(settings: Settings): RawTarget['options'] {
  const options = clientOptions(settings, { credentials: undefined, retries: 0 });
  if (options.framing === 'correlated') {
    throw usageError('this looks at consensus frames, which a correlated port does not take');
  }
  const { transport = 'tcp', tls } = options;
  return { transport, ...(tls === undefined ? {} : { tls }), timeoutMillis: timeoutOf(settings) };
}

/** A node and the credentials for it. */
export function rawTargetOf(
  settings: Settings,
  endpoint: Endpoint,
  credentials: FoundCredentials,
): RawTarget {
  return {
    server: formatEndpoint(endpoint),
    options: rawOptionsOf(settings),
    credentials,
    timeoutMillis: timeoutOf(settings),
  };
}
