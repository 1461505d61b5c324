import { randomBytes } from 'node:crypto';
import { CliError, usageError } from '../cli-error.js';
import type { Prompt } from '../connect/prompt.js';
import { readStdinLine } from '../connect/stdin-line.js';
import { readSecretFile } from '../secrets/references.js';
import { Secret } from '../secrets/secret.js';

/** Where a new password may come from. */
export interface NewPasswordFlags {
  readonly 'password-stdin'?: boolean | undefined;
  readonly 'password-file'?: string | undefined;
  readonly 'generate-password'?: boolean | undefined;
}

/** Refuses a password among the positionals, without repeating it. @throws CliError E_USAGE */
export function refusePassword(words: readonly string[], allowed: number, hint: string): void {
  if (words.length <= allowed) return;
  throw usageError('a password is not taken from the command line', hint);
}

/**
 * A new password from the one place that was named, or typed twice.
 *
 * @throws CliError E_USAGE, E_NEEDS_CONFIRMATION when nobody can be asked
 */
export async function newPassword(flags: NewPasswordFlags, prompt: Prompt): Promise<Secret> {
  const ways = [
    flags['password-stdin'] === true,
    flags['password-file'] !== undefined,
    flags['generate-password'] === true,
  ].filter(Boolean);
  if (ways.length > 1) {
    throw usageError('give one of --password-stdin, --password-file and --generate-password');
  }
  if (flags['generate-password'] === true) return new Secret(randomBytes(18).toString('base64url'));
  if (flags['password-stdin'] === true) return checked(new Secret(readStdinLine()));
  const file = flags['password-file'];
  if (file !== undefined) return checked(readSecretFile(file));
  return await typedTwice(prompt, '--password-stdin, --password-file FILE or --generate-password');
}

/** Asks for a new password twice. @throws CliError E_NEEDS_CONFIRMATION, E_USAGE */
export async function typedTwice(prompt: Prompt, otherwise: string): Promise<Secret> {
  if (!prompt.isPossible) {
    throw new CliError('E_NEEDS_CONFIRMATION', 'the new password cannot be asked for here', {
      hint: `use ${otherwise}`,
    });
  }
  const first = checked(await prompt.secret('New password:'));
  const second = await prompt.secret('The same again:');
  if (first.reveal() !== second.reveal()) throw usageError('the two passwords are not the same');
  return first;
}

/** A password of a length that can log in. @throws CliError E_USAGE that does not repeat it */
export function checked(password: Secret): Secret {
  const size = new TextEncoder().encode(password.reveal()).length;
  if (size >= 3 && size <= 100) return password;
  throw usageError(`a password has 3 to 100 bytes, not ${size}`);
}
