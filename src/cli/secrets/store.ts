import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import {
  othersMay,
  readTextIfPresent,
  withFileLock,
  writePrivateFile,
} from '../config/private-file.js';
import { systemKeyring } from './keyring.js';
import { Secret } from './secret.js';
import type { SecretStore, StoreKind } from './secret-store.js';

/** What finds the keyring of the system; another one in tests. */
export type KeyringFinder = (isProven: boolean) => SecretStore | string;

/**
 * Opens the store to put something into it; `wanted` insists on one kind.
 * @throws CliError E_UNSUPPORTED without a keyring that keeps what it is given
 */
export function openStoreToWrite(
  state: string,
  wanted?: StoreKind,
  findKeyring: KeyringFinder = systemKeyring,
): Promise<SecretStore> {
  return openStore(state, wanted, () => findKeyring(true));
}

/** Opens the store; `wanted` insists on one kind. @throws CliError E_UNSUPPORTED without a keyring */
export function openStore(
  state: string,
  wanted?: StoreKind,
  findKeyring: KeyringFinder = systemKeyring,
): Promise<SecretStore> {
  const file = join(state, 'credentials.json');
  if (wanted === 'file') return Promise.resolve(new FileStore(file));
  const keyring = findKeyring(wanted === undefined);
  if (typeof keyring !== 'string') return Promise.resolve(keyring);
  if (wanted === undefined) return Promise.resolve(new FileStore(file, keyring));
  const problem = `the keyring of this system cannot be used: ${keyring}`;
  const hint = 'use --store file';
  return Promise.reject(new CliError('E_UNSUPPORTED', problem, { hint }));
}

class FileStore implements SecretStore {
  readonly kind = 'file';
  readonly reason: string;
  readonly #path: string;

  constructor(path: string, reason = '') {
    this.#path = path;
    this.reason = reason;
  }

  get(name: string): Promise<Secret | undefined> {
    const value = this.#read()[name];
    return Promise.resolve(value === undefined ? undefined : new Secret(value));
  }

  set(name: string, secret: Secret): Promise<void> {
    this.#change((entries) => ({ ...entries, [name]: secret.reveal() }));
    return Promise.resolve();
  }

  remove(name: string): Promise<void> {
    withFileLock(this.#path, () => {
      const { [name]: removed, ...rest } = this.#read();
      if (removed === undefined) return;
      // The old bytes are overwritten in place before a file without them takes their place.
      const size = statSync(this.#path).size;
      writeFileSync(this.#path, ' '.repeat(size), { mode: 0o600, flag: 'r+' });
      if (Object.keys(rest).length === 0) rmSync(this.#path, { force: true });
      else this.#write(rest);
    });
    return Promise.resolve();
  }

  #read(): Record<string, string> {
    if (!existsSync(this.#path)) return {};
    if (othersMay(this.#path, 0o077)) {
      throw new CliError('E_CONFIG', `${this.#path} can be read or written by others`, {
        hint: `chmod 600 ${this.#path}`,
      });
    }
    return parseEntries(this.#path, readTextIfPresent(this.#path) ?? '');
  }

  #change(change: (entries: Record<string, string>) => Record<string, string>): void {
    withFileLock(this.#path, () => this.#write(change(this.#read())));
  }

  #write(entries: Record<string, string>): void {
    writePrivateFile(this.#path, `${JSON.stringify({ version: 1, secrets: entries }, null, 2)}\n`);
  }
}

function parseEntries(path: string, text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  try {
    const root: unknown = JSON.parse(text);
    const secrets = isRecord(root) ? root['secrets'] : undefined;
    if (!isRecord(secrets)) throw new Error('no secrets');
    for (const [name, value] of Object.entries(secrets)) {
      if (typeof value === 'string') entries[name] = value;
    }
    return entries;
  } catch {
    throw new CliError('E_CONFIG', `${path} is not a credentials file`, {
      hint: `remove ${path}, then run iggyctl login`,
    });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
