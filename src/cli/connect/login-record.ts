import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfPresent, writePrivateFile } from '../config/private-file.js';

/** What the last login of a context left behind, without the token itself. */
export interface LoginRecord {
  readonly context: string;
  /** Servers as they were given. */
  readonly servers: readonly string[];
  readonly user: string;
  readonly user_id: number;
  /** `0x` and 32 hex digits. */
  readonly client_id: string;
  readonly session: string;
  readonly next_request: string;
  readonly node: string;
  readonly view: number | null;
  readonly primary: number | null;
  readonly commit: string | null;
  /** Name of the token on the server. */
  readonly token_name: string;
  /** Name under which the secret store holds it. */
  readonly secret: string;
  readonly store: 'file' | 'keyring';
  readonly expires_at: string | null;
  readonly server_version: string;
  readonly server_protocol_version: string;
}

/** Name of a login in the secret store and among the records. */
export function loginName(context: string, servers: readonly string[]): string {
  return `${context}@${servers.join(',')}`;
}

function pathOf(state: string, name: string): string {
  return join(state, 'logins', `${encodeURIComponent(name)}.json`);
}

/** Names of all logins that have a record. */
export function loginNames(state: string): readonly string[] {
  const folder = join(state, 'logins');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => decodeURIComponent(file.slice(0, -'.json'.length)));
}

/** The record of a login, if there is one that can be read. */
export function readLogin(state: string, name: string): LoginRecord | undefined {
  const text = readTextIfPresent(pathOf(state, name));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function writeLogin(state: string, name: string, record: LoginRecord): void {
  writePrivateFile(pathOf(state, name), `${JSON.stringify(record, null, 2)}\n`);
}

export function removeLogin(state: string, name: string): void {
  rmSync(pathOf(state, name), { force: true });
}

function isRecord(value: unknown): value is LoginRecord {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['context', 'user', 'client_id', 'session', 'token_name', 'secret', 'store'];
  return texts.every((key) => typeof (value as Record<string, unknown>)[key] === 'string');
}
