import { parse, stringify, type TomlTable } from 'smol-toml';
import { CliError } from '../cli-error.js';
import type { ConfigFile } from '../config/config-file.js';
import { parseConfig } from '../config/config-file.js';
import { readTextIfPresent } from '../config/private-file.js';
import { contextMissing } from './change-contexts.js';

/** The text of a config file with this context alone and without secrets. */
export function exportedContext(config: ConfigFile, name: string): string {
  if (!config.contexts.has(name)) throw contextMissing(name, config.contexts.keys());
  const { auth: _auth, ...rest } = tablesIn(readTextIfPresent(config.path) ?? '')[name] ?? {};
  return `${stringify({ version: 1, contexts: { [name]: rest } })}\n`;
}

/** The contexts of an exported file. @throws CliError E_CONFIG */
export function importedContexts(path: string): Readonly<Record<string, TomlTable>> {
  const text = readTextIfPresent(path);
  if (text === undefined) throw new CliError('E_CONFIG', `there is no file ${path}`);
  parseConfig(path, text);
  return tablesIn(text);
}

function tablesIn(text: string): Readonly<Record<string, TomlTable>> {
  const contexts = parse(text)['contexts'];
  const tables: Record<string, TomlTable> = {};
  if (typeof contexts !== 'object' || Array.isArray(contexts) || contexts instanceof Date) {
    return tables;
  }
  for (const [name, table] of Object.entries(contexts)) {
    if (typeof table === 'object' && !Array.isArray(table) && !(table instanceof Date)) {
      tables[name] = table;
    }
  }
  return tables;
}
