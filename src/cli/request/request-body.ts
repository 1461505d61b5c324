import { readFileSync } from 'node:fs';
import { fromHex } from '../../base/index.js';
import { type CommandSpec, commands, encode, Operation } from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { ioError } from '../config/private-file.js';
import type { FoundCredentials } from '../connect/credentials.js';
import { bodyValue } from './body-value.js';

/** Where a body can come from besides the command line's own fields. */
export interface BodySources {
  readonly hex: string | undefined;
  readonly file: string | undefined;
  readonly json: string | undefined;
}

const secretFields = ['password', 'token', 'new_password', 'current_password'];

/** True for the commands that are a login themselves. */
export function isLogin({ operation }: CommandSpec): boolean {
  return operation === Operation.Register;
}

/** True for the login with a token, which a stored login is too. */
export function sendsToken({ code }: CommandSpec): boolean {
  return code === commands.login_register_with_pat.code;
}

/** The credentials, when they are of the kind that this login sends. @throws CliError E_USAGE */
export function checkedFor(spec: CommandSpec, found: FoundCredentials): FoundCredentials {
  const wanted = sendsToken(spec) ? 'token' : 'password';
  if (found.method === wanted) return found;
  throw usageError(
    `${spec.dispatchName} logs in with a ${wanted}, and ${found.origin} is a ${found.method}`,
    wanted === 'token'
      ? 'use --token-stdin, --token-file FILE or --token-name NAME'
      : 'use --username with --password-stdin or --password-file FILE',
  );
}

/** The bytes of a request body. @throws CliError E_USAGE, E_IO */
export function requestBody(
  spec: CommandSpec,
  pairs: readonly string[],
  { hex, file, json }: BodySources,
): Uint8Array {
  const given = [hex, file, json].filter((source) => source !== undefined).length;
  if (given > 1 || (given === 1 && pairs.length > 0)) {
    throw usageError('the body comes from fields, --body-hex, --body-file or --body-json, not two');
  }
  const fields = fieldsOf(pairs);
  if (isLogin(spec)) return new Uint8Array();
  if (hex !== undefined) return bytesOfHex(hex);
  if (file !== undefined) return readBytes(file);
  return encoded(spec, json === undefined ? fields : parsedJson(json));
}

/** Fields as written; `stream=x` stands for `stream_id=x`. */
function fieldsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw usageError(`"${pair}" is not FIELD=VALUE`);
    const name = pair.slice(0, at);
    if (secretFields.includes(name)) {
      throw usageError(
        `${name} is a secret and is not taken from the command line`,
        'use --body-json FILE',
      );
    }
    fields[name] = pair.slice(at + 1);
  }
  return fields;
}

function encoded({ request }: CommandSpec, given: unknown): Uint8Array {
  const value = bodyValue(request, withIds(request, given), '');
  try {
    return encode(request, value);
  } catch (error) {
    throw usageError(`the body cannot be encoded: ${messageOf(error)}`);
  }
}

function withIds(codec: CommandSpec['request'], given: unknown): unknown {
  if (codec.shape.kind !== 'struct' || typeof given !== 'object' || given === null) return given;
  const names = new Set(codec.shape.fields.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(given).map(([key, value]: [string, unknown]) => {
      const isShort = !names.has(key) && names.has(`${key}_id`);
      return [isShort ? `${key}_id` : key, value];
    }),
  );
}

function bytesOfHex(text: string): Uint8Array {
  try {
    return fromHex(text.replaceAll(/\s/g, ''));
  } catch {
    throw usageError('--body-hex: this is not hexadecimal');
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw ioError('read', path, error);
  }
}

function parsedJson(path: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(readBytes(path)));
  } catch (error) {
    if (error instanceof SyntaxError) throw usageError(`${path} is not JSON`);
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
