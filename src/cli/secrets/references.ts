import { execFileSync } from 'node:child_process';
import { CliError } from '../cli-error.js';
import { type Environment, envValue } from '../config/places.js';
import { othersMay, readTextIfPresent } from '../config/private-file.js';
import { Secret } from './secret.js';

/** Reads a secret of the store by name. */
export type StoreLookup = (name: string) => Promise<Secret | undefined>;

/**
 * Gives the secret that a config value refers to: `env://NAME`, `file://PATH`, `keyring://NAME`,
 * `cmd://PROGRAM ARG…`, or the value itself when it is no reference.
 *
 * @throws CliError E_CONFIG that names the reference, never the secret
 */
export async function resolveReference(
  reference: string,
  env: Environment,
  lookUp: StoreLookup,
): Promise<Secret> {
  const match = /^(env|file|keyring|cmd):\/\/(.+)$/s.exec(reference);
  if (match === null) return new Secret(reference);
  const target = match[2] ?? '';
  switch (match[1]) {
    case 'env':
      return present(envValue(env, target), `environment variable ${target} is not set`);
    case 'file':
      return readSecretFile(target);
    case 'cmd':
      return runProgram(target);
    default: {
      const stored = await lookUp(target);
      if (stored !== undefined) return stored;
      throw new CliError('E_CONFIG', `there is no stored secret ${target}`, {
        hint: 'iggyctl login',
      });
    }
  }
}

/** First line of a file that only its owner may read. @throws CliError E_CONFIG */
export function readSecretFile(path: string): Secret {
  const text = readTextIfPresent(path);
  if (text === undefined) throw new CliError('E_CONFIG', `there is no secret file ${path}`);
  if (othersMay(path, 0o077)) {
    throw new CliError('E_CONFIG', `${path} can be read or written by others`, {
      hint: `chmod 600 ${path}`,
    });
  }
  return new Secret(firstLine(text));
}

function runProgram(command: string): Secret {
  const [program = '', ...args] = command.split(' ').filter((part) => part !== '');
  try {
    const output = execFileSync(program, args, {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Secret(firstLine(output));
  } catch {
    throw new CliError('E_CONFIG', `the program ${program} of a cmd:// reference gave no secret`);
  }
}

function present(value: string | undefined, problem: string): Secret {
  if (value === undefined) throw new CliError('E_CONFIG', problem);
  return new Secret(value);
}

/** The text up to the first line end. */
function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? '';
}
