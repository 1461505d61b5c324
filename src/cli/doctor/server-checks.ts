import type { IggyClient } from '../../client/index.js';
import type { Settings } from '../config/settings.js';
import { clientOptions } from '../connect/client-options.js';
import { findCredentials } from '../connect/credentials.js';
import { Prompt } from '../connect/prompt.js';
import { StoredLogin } from '../connect/stored-login.js';
import { reportOf } from '../output/report-error.js';
import { openStore } from '../secrets/store.js';
import { type Check, type DoctorInput, fine, wrong } from './check.js';

const mostMillis = 2000;

/** Checks of the secret store, of every server of the context, of the login and of the protocol. */
export async function serverChecks(
  input: DoctorInput,
  settings: Settings,
): Promise<readonly Check[]> {
  const reached = await Promise.all(settings.servers.map((server) => reach(server, settings)));
  const isUp = reached.some(({ ok }) => ok);
  return [
    await secretStore(settings),
    tokenExpiry(settings),
    ...reached,
    ...(isUp ? await session(input, settings) : []),
  ];
}

async function secretStore({ places }: Settings): Promise<Check> {
  const { kind, reason } = await openStore(places.state);
  return fine(
    'secret store',
    kind === 'keyring' ? 'keyring of the system' : `file (no keyring: ${reason ?? ''})`,
  );
}

function tokenExpiry(settings: Settings): Check {
  const { record } = new StoredLogin(settings);
  if (record === undefined) return fine('stored login', 'none');
  const { expires_at: expiry, user } = record;
  if (expiry === null) return fine('stored login', `${user}, does not expire`);
  return Date.parse(expiry) < Date.now()
    ? wrong('stored login', `that of ${user} expired at ${expiry}`, 'iggyctl login')
    : fine('stored login', `${user} until ${expiry}`);
}

async function reach(server: string, settings: Settings): Promise<Check> {
  const name = `server ${server}`;
  try {
    return await withClient(settings, [server], undefined, async (client) => {
      const started = performance.now();
      await client.ping();
      return fine(name, `answers in ${(performance.now() - started).toFixed(1)} ms`);
    });
  } catch (error) {
    return wrong(
      name,
      reportOf(error).message,
      'iggyctl cluster up, or choose another with --server',
    );
  }
}

/** Logs in, which also tells whether the server accepts this protocol version. */
async function session({ flags, env }: DoctorInput, settings: Settings): Promise<Check[]> {
  try {
    const prompt = new Prompt({ noInput: true, env });
    const found = await findCredentials({ flags, settings, prompt, useStored: true });
    if (found === undefined) return [wrong('login', 'there are no credentials', 'iggyctl login')];
    return await withClient(settings, settings.servers, found, (client) => {
      const { serverVersion = 'unknown', userId } = client.session;
      return Promise.resolve([
        fine('login', `user ${userId ?? '-'} by ${found.origin}`),
        fine('protocol', `accepted by ${serverVersion}`),
      ]);
    });
  } catch (error) {
    const { message, hint, exit_code: code } = reportOf(error);
    const name = code === 14 ? 'protocol' : 'login';
    return [wrong(name, message, hint ?? 'iggyctl login')];
  }
}

async function withClient<T>(
  settings: Settings,
  servers: readonly string[],
  credentials: Parameters<typeof clientOptions>[1]['credentials'],
  use: (client: IggyClient) => Promise<T>,
): Promise<T> {
  const { IggyClient: Client } = await import('../../client/index.js');
  const isOne = servers.length === 1;
  const options = clientOptions(settings, {
    ...{ credentials, servers, retries: 0 },
    ...(isOne ? { followLeader: false } : {}),
  });
  const timeoutMillis = Math.min(mostMillis, options.timeoutMillis ?? mostMillis);
  const client = new Client({ ...options, timeoutMillis, dialTimeoutMillis: timeoutMillis });
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.close({ timeoutMillis: 500 });
  }
}
