import type { Secret } from './secret.js';

export type StoreKind = 'keyring' | 'file';

/** Keeps tokens between commands: in the system's keyring where there is one, else in a file. */
export interface SecretStore {
  readonly kind: StoreKind;
  /** Why it is not the keyring, where that is known. */
  readonly reason?: string;
  get(name: string): Promise<Secret | undefined>;
  set(name: string, secret: Secret): Promise<void>;
  /** Overwrites, then removes; a missing one is fine. */
  remove(name: string): Promise<void>;
}
