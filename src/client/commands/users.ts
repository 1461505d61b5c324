import {
  type Identifier,
  type Permissions,
  type PersonalAccessTokenRecord,
  type UserDetails,
  type UserRecord,
  userStatuses,
} from '../../wire/index.js';
import type { CommandCaller } from '../caller.js';
import type { CallOptions } from '../options.js';

/** Whether a user may log in. */
export type UserState = keyof typeof userStatuses;

/** What a new user is like. */
export interface NewUser {
  /** 3 to 50 bytes. */
  readonly username: string;
  /** 3 to 100 bytes. */
  readonly password: string;
  /** `active` if absent. */
  readonly status?: UserState;
  /** None if absent. */
  readonly permissions?: Permissions;
}

/** Commands on users. */
export class UserCommands {
  readonly #caller: CommandCaller;

  constructor(caller: CommandCaller) {
    this.#caller = caller;
  }

  async list(options?: CallOptions): Promise<readonly UserRecord[]> {
    return (await this.#caller.call('get_users', {}, options)).users;
  }

  /** One user and its permissions; `null` when there is none. */
  get(user: Identifier, options?: CallOptions): Promise<UserDetails | null> {
    return this.#caller.call('get_user', { user_id: user }, options);
  }

  create(user: NewUser, options?: CallOptions): Promise<UserDetails> {
    const { username, password, status = 'active', permissions = null } = user;
    const request = { username, password, status: userStatuses[status], permissions };
    return this.#caller.call('create_user', { ...request, options: [] }, options);
  }

  /** Changes what is given. */
  async update(
    user: Identifier,
    change: { readonly username?: string; readonly status?: UserState },
    options?: CallOptions,
  ): Promise<void> {
    const { username = null, status } = change;
    const request = {
      user_id: user,
      username,
      status: status === undefined ? null : userStatuses[status],
    };
    await this.#caller.call('update_user', { ...request, options: [] }, options);
  }

  /** Deletes a user, ends its sessions and removes its tokens. */
  async delete(user: Identifier, options?: CallOptions): Promise<void> {
    await this.#caller.call('delete_user', { user_id: user }, options);
  }

  /** Replaces all permissions of a user; `null` takes them away. */
  async setPermissions(
    user: Identifier,
    permissions: Permissions | null,
    options?: CallOptions,
  ): Promise<void> {
    await this.#caller.call('update_permissions', { user_id: user, permissions }, options);
  }

  async changePassword(
    user: Identifier,
    passwords: { readonly current: string; readonly next: string },
    options?: CallOptions,
  ): Promise<void> {
    const { current, next } = passwords;
    const request = { user_id: user, current_password: current, new_password: next };
    await this.#caller.call('change_password', request, options);
  }
}

/** Commands on the personal access tokens of the user who is logged in. */
export class TokenCommands {
  readonly #caller: CommandCaller;

  constructor(caller: CommandCaller) {
    this.#caller = caller;
  }

  async list(options?: CallOptions): Promise<readonly PersonalAccessTokenRecord[]> {
    return (await this.#caller.call('get_personal_access_tokens', {}, options)).tokens;
  }

  /**
   * Creates a token and gives its secret, which is shown this once.
   * @param token `expiryMicros` counts from now; absent = never
   */
  async create(
    token: { readonly name: string; readonly expiryMicros?: bigint },
    options?: CallOptions,
  ): Promise<string> {
    const { name, expiryMicros = 0n } = token;
    const request = { name, expiry: expiryMicros };
    return (await this.#caller.call('create_personal_access_token', request, options)).token;
  }

  async delete(name: string, options?: CallOptions): Promise<void> {
    await this.#caller.call('delete_personal_access_token', { name }, options);
  }
}
