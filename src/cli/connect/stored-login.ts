import { randomBytes } from 'node:crypto';
import type { IggyClient } from '../../client/index.js';
import type { Settings } from '../config/settings.js';
import { timeOrNull } from '../output/wire-values.js';
import { Secret } from '../secrets/secret.js';
import type { StoreKind } from '../secrets/secret-store.js';
import { openStore, openStoreToWrite } from '../secrets/store.js';
import {
  type LoginRecord,
  loginName,
  loginNames,
  readLogin,
  removeLogin,
  writeLogin,
} from './login-record.js';
import type { ObservedSession } from './session-view.js';

/** The login of the chosen context: its record and, behind it, its token in the secret store. */
export class StoredLogin {
  readonly #settings: Settings;
  readonly #name: string;

  constructor(
    settings: Settings,
    name: string = loginName(settings.contextName.value, settings.servers),
  ) {
    this.#settings = settings;
    this.#name = name;
  }

  /** The logins of all contexts and servers on this machine. */
  static all(settings: Settings): readonly StoredLogin[] {
    return loginNames(settings.places.state).map((name) => new StoredLogin(settings, name));
  }

  get record(): LoginRecord | undefined {
    return readLogin(this.#settings.places.state, this.#name);
  }

  /** The stored token. @throws CliError E_CONFIG when the store is readable by others */
  async token(): Promise<Secret | undefined> {
    const { record } = this;
    if (record === undefined) return undefined;
    const store = await openStore(this.#settings.places.state, record.store);
    return await store.get(record.secret);
  }

  /** When the server lets the token of the record expire; nothing when it does not know it. */
  async known(client: IggyClient): Promise<{ expiresAt: string | null } | undefined> {
    const { record } = this;
    if (record === undefined || (await this.token()) === undefined) return undefined;
    const found = (await client.tokens.list()).find(({ name }) => name === record.token_name);
    if (found === undefined) return undefined;
    const isOver = found.expiry_at > 0n && found.expiry_at < BigInt(Date.now()) * 1000n;
    return isOver ? undefined : { expiresAt: timeOrNull(found.expiry_at) };
  }

  /** Makes a token in the session of `client` and stores it with a record of the session. */
  async save(
    client: IggyClient,
    seen: ObservedSession,
    options: { readonly expiryMicros: number | undefined; readonly store: StoreKind | undefined },
  ): Promise<LoginRecord> {
    const { state } = this.#settings.places;
    const store = await openStoreToWrite(state, options.store);
    const tokenName = `iggyctl-${randomBytes(4).toString('hex')}`;
    const expiry = options.expiryMicros === undefined ? 0n : BigInt(options.expiryMicros);
    const { token } = await client.call('create_personal_access_token', {
      name: tokenName,
      expiry,
    });
    const secret = `login:${this.#name}`;
    await store.set(secret, new Secret(token));
    const tokens = await client.tokens.list();
    const expiresAt = tokens.find(({ name }) => name === tokenName)?.expiry_at ?? 0n;
    const record: LoginRecord = {
      ...seen,
      ...{ token_name: tokenName, secret, store: store.kind },
      expires_at: timeOrNull(expiresAt),
    };
    writeLogin(state, this.#name, record);
    return record;
  }

  /** Forgets the login on this machine. Gives false when there was none. */
  async remove(): Promise<boolean> {
    const { record } = this;
    if (record === undefined) return false;
    const store = await openStore(this.#settings.places.state, record.store);
    await store.remove(record.secret);
    removeLogin(this.#settings.places.state, this.#name);
    return true;
  }
}
