import { parse, TomlError } from 'smol-toml';
import type { SettingSource } from '../../cluster/index.js';
import { CliError, usageError } from '../cli-error.js';
import { readTextIfPresent } from '../config/private-file.js';

/** Settings of the `[settings]` table of a TOML file. @throws CliError E_CONFIG */
export function settingsOfFile(path: string): readonly SettingSource[] {
  const text = readTextIfPresent(path);
  if (text === undefined) throw new CliError('E_CONFIG', `there is no settings file ${path}`);
  const table = parsed(path, text)['settings'];
  if (table === undefined) throw new CliError('E_CONFIG', `${path} has no [settings] table`);
  return flattened('', table).map(([name, value]) => ({ name, value, origin: path }));
}

/** Settings given as `name=value`. @throws CliError E_USAGE */
export function settingsOfFlags(texts: readonly string[]): readonly SettingSource[] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at <= 0) throw usageError(`--set: "${text}" is not NAME=VALUE`);
    return { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim(), origin: '--set' };
  });
}

/** Names with dots may be written as such or as nested tables. */
function flattened(prefix: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[prefix, String(value)]];
  return Object.entries(value).flatMap(([key, each]) =>
    flattened(prefix === '' ? key : `${prefix}.${key}`, each),
  );
}

function parsed(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0] ?? 'not TOML';
    throw new CliError('E_CONFIG', `${path}:${error.line}:${error.column}: ${reason}`, {
      cause: error,
    });
  }
}
