import { usageError } from '../cli-error.js';
import { Secret } from '../secrets/secret.js';
import type { HeaderChoice } from './raw-request.js';

/** Stands for credentials where nobody logs in. */
export const anonymous = { method: 'token' as const, token: new Secret('') };

/** The header fields that flags set; nothing when the SDK fills them in. @throws CliError E_USAGE */
export function headerChoice(flags: {
  readonly session?: string | undefined;
  readonly 'request-id'?: string | undefined;
  readonly 'no-session'?: boolean | undefined;
}): HeaderChoice | undefined {
  const { session, 'request-id': request, 'no-session': none = false } = flags;
  if (session === undefined && request === undefined && !none) return undefined;
  if (none && session !== undefined) {
    throw usageError('--session and --no-session exclude each other');
  }
  return {
    session: none ? 0n : session === undefined ? undefined : u64(session, '--session'),
    request: request === undefined ? undefined : u64(request, '--request-id'),
  };
}

/** A rate such as `100/s` or `100`. @throws CliError E_USAGE */
export function perSecond(text: string): number {
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text)?.[1]);
  if (rate > 0) return rate;
  throw usageError(`--rate: "${text}" is not a rate; write for instance 100/s`);
}

function u64(text: string, flag: string): bigint {
  const value = /^(\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text) ? BigInt(text) : -1n;
  if (value >= 0n && value < 1n << 64n) return value;
  throw usageError(`${flag}: "${text}" is not a whole number of 64 bits`);
}
