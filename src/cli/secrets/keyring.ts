import { createRequire } from 'node:module';
import { Secret } from './secret.js';
import type { SecretStore } from './secret-store.js';

/** The part of the keyring library that is used; it is optional and may be missing. */
interface KeyringEntry {
  getPassword(): string | null;
  setPassword(value: string): void;
  deletePassword(): boolean;
}

interface KeyringLibrary {
  readonly Entry: new (service: string, name: string) => KeyringEntry;
}

const service = 'iggyctl';

/**
 * The keyring of this system, or why there is none.
 *
 * @param isProven - also try to write: some systems let everybody read a keyring that nobody has
 */
export function systemKeyring(isProven: boolean): SecretStore | string {
  if (process.env['IGGYCTL_NO_KEYRING'] !== undefined) return 'IGGYCTL_NO_KEYRING is set';
  try {
    // Not imported: code that V8 compiled before cannot.
    const library = createRequire(import.meta.url)('@napi-rs/keyring') as KeyringLibrary;
    const entry = (name: string) => new library.Entry(service, name);
    // A keyring without a running service fails here and not at the first use.
    if (isProven) prove(entry(`proof-${process.pid}`));
    else entry('proof').getPassword();
    return keyringStore(entry);
  } catch (error) {
    return reasonOf(error);
  }
}

/** The last part of the first line; the library adds more for its authors. */
function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.slice(line.lastIndexOf(': ') + 1).trim();
}

function prove(entry: KeyringEntry): void {
  entry.setPassword('proof');
  const found = entry.getPassword();
  entry.deletePassword();
  if (found !== 'proof') throw new Error('it does not keep what is written');
}

function keyringStore(entry: (name: string) => KeyringEntry): SecretStore {
  return {
    kind: 'keyring',
    get: (name) => {
      const value = entry(name).getPassword();
      return Promise.resolve(value === null ? undefined : new Secret(value));
    },
    set: (name, secret) => {
      entry(name).setPassword(secret.reveal());
      return Promise.resolve();
    },
    remove: (name) => {
      const found = entry(name);
      if (found.getPassword() !== null) {
        found.setPassword('********');
        found.deletePassword();
      }
      return Promise.resolve();
    },
  };
}
