import { CliError, usageError } from '../cli-error.js';
import { envValue } from '../config/places.js';
import type { Settings } from '../config/settings.js';
import { readSecretFile, resolveReference } from '../secrets/references.js';
import { Secret } from '../secrets/secret.js';
import { openStore } from '../secrets/store.js';
import { loginName, readLogin } from './login-record.js';
import type { Prompt } from './prompt.js';
import { readStdinLine } from './stdin-line.js';

/** Flags that name credentials. */
export interface CredentialFlags {
  readonly username?: string | undefined;
  readonly 'password-stdin'?: boolean | undefined;
  readonly 'password-file'?: string | undefined;
  readonly 'token-stdin'?: boolean | undefined;
  readonly 'token-file'?: string | undefined;
  readonly 'token-name'?: string | undefined;
}

/** Credentials and the level they came from, which is also shown. */
export type FoundCredentials = {
  /** `flag`, `env`, `context`, `stored` or `prompt`. */
  readonly source: string;
  /** Exactly where, for people. */
  readonly origin: string;
} & (
  | { readonly method: 'password'; readonly username: string; readonly password: Secret }
  | { readonly method: 'token'; readonly token: Secret }
);

export interface CredentialInputs {
  readonly flags: CredentialFlags;
  readonly settings: Settings;
  readonly prompt: Prompt;
  /** False = a stored login is not used (for `login` itself). */
  readonly useStored: boolean;
  /** Standard input carries something else; reading a secret from it is refused. */
  readonly stdinIsTaken?: boolean;
}

/** Nothing to log in with; names a config file that was asked for and is not there. */
export function noCredentials({ missingConfig }: Settings, hint: string): CliError {
  const where = missingConfig === undefined ? '' : `: ${missingConfig} does not exist`;
  return new CliError('E_NO_CREDENTIALS', `there are no credentials, and no stored login${where}`, {
    hint,
  });
}

/**
 * The credentials of the highest level that has any: flags, `IGGYCTL_*`, `IGGY_*`, stored login,
 * context. A stored login that has expired comes last. Levels are never mixed. Nothing when no level
 * has any.
 *
 * @throws CliError E_USAGE, E_CONFIG, E_NO_CREDENTIALS
 */
export async function findCredentials(
  inputs: CredentialInputs,
): Promise<FoundCredentials | undefined> {
  const given = (await fromFlags(inputs)) ?? fromVariables(inputs.settings);
  if (given !== undefined) return given;
  if (!inputs.useStored) return await fromContext(inputs);
  if (hasExpired(inputs.settings)) {
    // A token that is over is of use only to say so, where there is nothing better.
    return (await fromContext(inputs)) ?? (await fromStore(inputs.settings));
  }
  return (await fromStore(inputs.settings)) ?? (await fromContext(inputs));
}

async function fromFlags(inputs: CredentialInputs): Promise<FoundCredentials | undefined> {
  const { flags } = inputs;
  checkTogether(flags);
  const token = await tokenOfFlags(inputs);
  if (token !== undefined) return token;
  const wantsPassword = flags['password-stdin'] === true || flags['password-file'] !== undefined;
  if (flags.username === undefined && !wantsPassword) return undefined;
  const username = flags.username ?? userNameElsewhere(inputs.settings);
  if (username === undefined) {
    throw new CliError('E_NO_CREDENTIALS', 'there is a password, but no user name', {
      hint: 'add --username NAME',
    });
  }
  return { source: 'flag', origin: 'flag', ...(await passwordFor(username, inputs)) };
}

async function tokenOfFlags(inputs: CredentialInputs): Promise<FoundCredentials | undefined> {
  const { flags, settings } = inputs;
  const found = (token: Secret, flag: string): FoundCredentials => ({
    ...{ method: 'token', token, source: 'flag', origin: flag },
  });
  if (flags['token-stdin'] === true) return found(stdinSecret(inputs, 'token'), '--token-stdin');
  if (flags['token-file'] !== undefined) {
    return found(readSecretFile(flags['token-file']), '--token-file');
  }
  const name = flags['token-name'];
  if (name === undefined) return undefined;
  const token = await (await openStore(settings.places.state)).get(name);
  if (token !== undefined) return found(token, `--token-name ${name}`);
  throw new CliError('E_NO_CREDENTIALS', `no token is stored under the name ${name}`, {
    hint: 'iggyctl token list',
  });
}

/** The password for a user that was named by a flag. */
async function passwordFor(
  username: string,
  inputs: CredentialInputs,
): Promise<{ method: 'password'; username: string; password: Secret }> {
  const { flags, settings, prompt } = inputs;
  const ready = (password: Secret) => ({ method: 'password' as const, username, password });
  if (flags['password-stdin'] === true) return ready(stdinSecret(inputs, 'password'));
  if (flags['password-file'] !== undefined) return ready(readSecretFile(flags['password-file']));
  const own = envValue(settings.env, 'IGGYCTL_PASSWORD');
  const compatible =
    envValue(settings.env, 'IGGY_USERNAME') === username
      ? envValue(settings.env, 'IGGY_PASSWORD')
      : undefined;
  const variable = own ?? compatible;
  if (variable !== undefined) return ready(new Secret(variable));
  if (settings.context['username'] === username) {
    const stored = await contextPassword(settings);
    if (stored !== undefined) return ready(stored);
  }
  if (prompt.isPossible) return ready(await prompt.secret('Password:'));
  throw new CliError('E_NO_CREDENTIALS', `there is no password for ${username}`, {
    hint: 'use --password-stdin, --password-file FILE, or the variable IGGYCTL_PASSWORD',
  });
}

function fromVariables({ env }: Settings): FoundCredentials | undefined {
  const token = envValue(env, 'IGGYCTL_TOKEN');
  if (token !== undefined) {
    return { method: 'token', token: new Secret(token), source: 'env', origin: 'IGGYCTL_TOKEN' };
  }
  const own = pair(env, 'IGGYCTL_USERNAME', 'IGGYCTL_PASSWORD');
  if (own !== undefined) return own;
  const isHalf =
    envValue(env, 'IGGYCTL_PASSWORD') !== undefined ||
    envValue(env, 'IGGYCTL_USERNAME') !== undefined;
  if (isHalf) {
    const hasUser = envValue(env, 'IGGYCTL_USERNAME') !== undefined;
    const [set, missing] = hasUser ? ['USERNAME', 'PASSWORD'] : ['PASSWORD', 'USERNAME'];
    throw new CliError('E_NO_CREDENTIALS', `IGGYCTL_${set} is set, but IGGYCTL_${missing} is not`);
  }
  return pair(env, 'IGGY_USERNAME', 'IGGY_PASSWORD');
}

function pair(env: Settings['env'], user: string, secret: string): FoundCredentials | undefined {
  const username = envValue(env, user);
  const password = envValue(env, secret);
  if (username === undefined || password === undefined) return undefined;
  return {
    ...{ method: 'password', username, password: new Secret(password) },
    ...{ source: 'env', origin: `${user}, ${secret}` },
  };
}

function hasExpired({ contextName, servers, places }: Settings): boolean {
  const record = readLogin(places.state, loginName(contextName.value, servers));
  const expiry = record?.expires_at ?? null;
  return expiry !== null && Date.parse(expiry) < Date.now();
}

async function fromStore(settings: Settings): Promise<FoundCredentials | undefined> {
  const name = loginName(settings.contextName.value, settings.servers);
  const record = readLogin(settings.places.state, name);
  if (record === undefined) return undefined;
  const store = await openStore(settings.places.state, record.store);
  const token = await store.get(record.secret);
  if (token === undefined) return undefined;
  return { method: 'token', token, source: 'stored', origin: `login of ${record.user}` };
}

async function fromContext(inputs: CredentialInputs): Promise<FoundCredentials | undefined> {
  const { settings } = inputs;
  const { context, contextName } = settings;
  const origin = { source: 'context', origin: `context ${contextName.value}` };
  const token = context['auth.token'];
  if (typeof token === 'string') {
    return { method: 'token', token: await resolve(token, settings), ...origin };
  }
  const username = context['username'];
  const password = await contextPassword(settings);
  if (typeof username !== 'string' || password === undefined) return undefined;
  return { method: 'password', username, password, ...origin };
}

async function contextPassword(settings: Settings): Promise<Secret | undefined> {
  const reference = settings.context['auth.password'];
  return typeof reference === 'string' ? await resolve(reference, settings) : undefined;
}

async function resolve(reference: string, settings: Settings): Promise<Secret> {
  return await resolveReference(reference, settings.env, async (name) =>
    (await openStore(settings.places.state)).get(name),
  );
}

/** The user that a password flag belongs to when no `--username` was given. */
function userNameElsewhere({ env, context }: Settings): string | undefined {
  const own = envValue(env, 'IGGYCTL_USERNAME') ?? envValue(env, 'IGGY_USERNAME');
  const chosen = context['username'];
  return own ?? (typeof chosen === 'string' ? chosen : undefined);
}

function stdinSecret({ stdinIsTaken }: CredentialInputs, what: string): Secret {
  if (stdinIsTaken === true) {
    throw usageError(
      `standard input carries the data, so the ${what} cannot come from it`,
      `use --${what}-file FILE`,
    );
  }
  const line = readStdinLine();
  if (line === '') throw usageError(`standard input holds no ${what}`);
  return new Secret(line);
}

function checkTogether(flags: CredentialFlags): void {
  const sources = [
    flags['password-stdin'] === true && '--password-stdin',
    flags['password-file'] !== undefined && '--password-file',
    flags['token-stdin'] === true && '--token-stdin',
    flags['token-file'] !== undefined && '--token-file',
    flags['token-name'] !== undefined && '--token-name',
  ].filter((name) => name !== false);
  if (sources.length > 1) throw usageError(`${sources.join(' and ')} exclude each other`);
}
