import { assert } from '../../../base/index.js';
import type { Grants } from '../access/grants.js';

/** Id of the root user. */
export const rootUserId = 0;

/** A personal access token. Only the hash of the secret is known here. */
export interface Token {
  readonly userId: number;
  readonly name: string;
  /** BLAKE3 of the raw token, 64 lower-case hexadecimal digits. */
  readonly hash: string;
  /** Microseconds since 1970; 0 = never. Any u64, hence no number. */
  readonly expiryAt: bigint;
}

/** An account. */
export class User {
  readonly id: number;
  readonly createdAt: number;
  username: string;
  /** PHC string. */
  passwordHash: string;
  isActive: boolean;
  /** Absent = no rights at all, and read back as absent. */
  grants: Grants | undefined;
  /** By name. */
  readonly tokens = new Map<string, Token>();

  constructor(fields: UserFields) {
    this.id = fields.id;
    this.createdAt = fields.createdAt;
    this.username = fields.username;
    this.passwordHash = fields.passwordHash;
    this.isActive = fields.isActive;
    this.grants = fields.grants;
  }
}

export interface UserFields {
  readonly id: number;
  readonly createdAt: number;
  readonly username: string;
  readonly passwordHash: string;
  readonly isActive: boolean;
  readonly grants: Grants | undefined;
}

/** All accounts and tokens. The id of a deleted user is never given again. */
export class UserTable {
  /** Ids only grow, so insertion order is ascending order. */
  readonly #byId = new Map<number, User>();
  readonly #byName = new Map<string, User>();
  readonly #tokens = new Map<string, Token>();
  /** The id of the next created user. */
  #nextId = 1;

  get nextId(): number {
    return this.#nextId;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: number): User | undefined {
    return this.#byId.get(id);
  }

  named(name: string): User | undefined {
    return this.#byName.get(name);
  }

  find(identifier: number | string): User | undefined {
    return typeof identifier === 'number' ? this.get(identifier) : this.named(identifier);
  }

  /** Users by ascending id. */
  values(): Iterable<User> {
    return this.#byId.values();
  }

  create(fields: Omit<UserFields, 'id'>): User {
    const { createdAt, username, passwordHash, isActive, grants } = fields;
    const id = this.#nextId;
    const user = new User({ id, createdAt, username, passwordHash, isActive, grants });
    this.insert(user);
    return user;
  }

  /** Adds a user with a given id: the root user, or one of a snapshot in ascending order. */
  insert(user: User): void {
    assert(!this.#byId.has(user.id), 'a user id is given once', { id: user.id });
    this.#byId.set(user.id, user);
    this.#byName.set(user.username, user);
    this.reserveIds(user.id + 1);
  }

  /** Ids below `next` will not be given to new users. */
  reserveIds(next: number): void {
    if (next > this.#nextId) this.#nextId = next;
  }

  rename(user: User, username: string): void {
    this.#byName.delete(user.username);
    user.username = username;
    this.#byName.set(username, user);
  }

  remove(user: User): void {
    for (const token of user.tokens.values()) this.#tokens.delete(token.hash);
    user.tokens.clear();
    this.#byName.delete(user.username);
    this.#byId.delete(user.id);
  }

  addToken(user: User, token: Token): void {
    user.tokens.set(token.name, token);
    this.#tokens.set(token.hash, token);
  }

  removeToken(user: User, name: string): void {
    const token = user.tokens.get(name);
    if (token === undefined) return;
    user.tokens.delete(name);
    // Two tokens with one hash do not come from our nodes; the newer one stays reachable then.
    if (this.#tokens.get(token.hash) === token) this.#tokens.delete(token.hash);
  }

  tokenByHash(hash: string): Token | undefined {
    return this.#tokens.get(hash);
  }

  /** Tokens that expired at or before `now`, by expiry, user id and name; at most `limit`. */
  expiredTokens(now: number, limit: number): readonly Token[] {
    const expired: Token[] = [];
    for (const token of this.#tokens.values()) if (isExpired(token, now)) expired.push(token);
    return expired.sort(compareExpiry).slice(0, limit);
  }
}

/** True when the token's time is up at `now`, microseconds. */
export function isExpired(token: Token, now: number): boolean {
  return token.expiryAt !== 0n && token.expiryAt <= BigInt(now);
}

function compareExpiry(a: Token, b: Token): number {
  const earlier = a.expiryAt < b.expiryAt ? -1 : a.expiryAt > b.expiryAt ? 1 : 0;
  return earlier || a.userId - b.userId || compareText(a.name, b.name);
}

/** Order of the UTF-8 bytes of two names. */
export function compareText(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codeUnitRank(x) - codeUnitRank(y);
  }
  return a.length - b.length;
}

/** Puts surrogates, which stand for code points above U+FFFF, behind all other code units. */
function codeUnitRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
