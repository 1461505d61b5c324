import { parse, stringify, TomlError, type TomlTable } from 'smol-toml';
import { CliError } from '../cli-error.js';
import { nearest } from '../nearest.js';
import { parseDuration } from '../values.js';
import { clearTextSecrets } from './clear-text.js';
import { locate } from './locate.js';
import { othersMay, readTextIfPresent, withFileLock, writePrivateFile } from './private-file.js';
import {
  authKeys,
  contextKeys,
  defaultKeys,
  expectedForm,
  type KeyRule,
  tlsKeys,
} from './schema.js';

/** Plain values of one context or of `[defaults]`, by key; tables inside are joined with a dot. */
export type Values = Readonly<Record<string, string | boolean | readonly string[]>>;

/** The user's config file, validated. */
export interface ConfigFile {
  readonly path: string;
  readonly exists: boolean;
  readonly currentContext: string | undefined;
  readonly defaults: Values;
  readonly contexts: ReadonlyMap<string, Values>;
  /** Unknown keys, each with the nearest known one. */
  readonly warnings: readonly string[];
}

const empty: Omit<ConfigFile, 'path'> = {
  exists: false,
  currentContext: undefined,
  defaults: {},
  contexts: new Map(),
  warnings: [],
};

/** Reads and validates the config file. @throws CliError E_CONFIG with file, line and column. */
export function readConfigFile(path: string): ConfigFile {
  const text = readTextIfPresent(path);
  if (text === undefined) return { path, ...empty };
  const config = parseConfig(path, text);
  if (!othersMay(path, 0o077)) return config;
  const open = `${path} can be read or written by others`;
  const [secret] = clearTextSecrets(config.contexts);
  if (secret !== undefined) {
    throw new CliError('E_CONFIG', `${open}, and ${secret} is a secret in clear text`, {
      hint: `chmod 600 ${path}`,
    });
  }
  return { ...config, warnings: [...config.warnings, `${open}; chmod 600 ${path}`] };
}

/** Validates the text of a config file. @throws CliError E_CONFIG with file, line and column. */
export function parseConfig(path: string, text: string): ConfigFile {
  const check = new Checker(path, text);
  const root = check.root();
  const version = root['version'];
  if (version !== undefined && version !== 1) check.fail(['version'], version, 'the number 1');
  const contexts = new Map<string, Values>();
  for (const [name, value] of Object.entries(check.table(root, ['contexts']))) {
    contexts.set(name, check.context(['contexts', name], check.asTable(['contexts', name], value)));
  }
  const current = root['current_context'];
  if (current !== undefined && typeof current !== 'string') {
    check.fail(['current_context'], current, 'a text in quotes');
  }
  check.unknown([], root, ['version', 'current_context', 'defaults', 'contexts', 'settings']);
  return {
    path,
    exists: true,
    currentContext: typeof current === 'string' ? current : undefined,
    defaults: check.values(['defaults'], check.table(root, ['defaults']), defaultKeys, []),
    contexts,
    warnings: check.warnings,
  };
}

/** What a change of the config file works on: the tables as they are in the file. */
export interface ConfigDraft {
  current_context?: string;
  defaults: TomlTable;
  contexts: Record<string, TomlTable>;
}

/** Changes the config file under a lock, keeping what it does not touch. */
export function changeConfigFile(path: string, change: (draft: ConfigDraft) => void): void {
  withFileLock(path, () => {
    const text = readTextIfPresent(path) ?? '';
    parseConfig(path, text);
    const root: TomlTable = parse(text);
    const found = root['contexts'];
    const general = root['defaults'];
    const draft: ConfigDraft = {
      contexts: isTable(found) ? tablesOf(found) : {},
      defaults: isTable(general) ? { ...general } : {},
    };
    if (typeof root['current_context'] === 'string')
      draft.current_context = root['current_context'];
    change(draft);
    const { current_context: current, contexts, defaults } = draft;
    const rest = { ...root };
    for (const key of ['version', 'current_context', 'contexts', 'defaults']) delete rest[key];
    const next = {
      version: 1,
      ...(current === undefined ? {} : { current_context: current }),
      ...rest,
      ...(Object.keys(defaults).length === 0 ? {} : { defaults }),
      contexts,
    };
    const result = `${stringify(next)}\n`;
    parseConfig(path, result);
    writePrivateFile(path, result);
  });
}

/** Sets one key of `[defaults]`. @throws CliError E_CONFIG when the value does not fit */
export function changeDefaults(path: string, key: string, value: string): void {
  changeConfigFile(path, (draft) => {
    draft.defaults[key] = value;
  });
}

class Checker {
  readonly warnings: string[] = [];
  readonly #path: string;
  readonly #text: string;

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  root(): TomlTable {
    try {
      return parse(this.#text);
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const reason = error.message.split('\n')[0] ?? 'not TOML';
      throw new CliError('E_CONFIG', `${this.#path}:${error.line}:${error.column}: ${reason}`, {
        hint: `edit ${this.#path}, then run iggyctl config validate`,
      });
    }
  }

  table(root: TomlTable, path: readonly string[]): TomlTable {
    const value = root[path.at(-1) ?? ''];
    return value === undefined ? {} : this.asTable(path, value);
  }

  asTable(path: readonly string[], value: unknown): TomlTable {
    if (isTable(value)) return value;
    return this.fail(path, value, 'a table');
  }

  context(path: readonly string[], table: TomlTable): Values {
    const auth = this.values([...path, 'auth'], this.table(table, [...path, 'auth']), authKeys, []);
    const tls = this.values([...path, 'tls'], this.table(table, [...path, 'tls']), tlsKeys, []);
    const own = this.values(path, table, contextKeys, ['auth', 'tls']);
    const servers = own['servers'];
    if (Array.isArray(servers) && new Set(servers).size !== servers.length) {
      this.fail([...path, 'servers'], servers, 'each server once');
    }
    return { ...own, ...prefixed('auth', auth), ...prefixed('tls', tls) };
  }

  values(
    path: readonly string[],
    table: TomlTable,
    rules: Readonly<Record<string, KeyRule>>,
    others: readonly string[],
  ): Values {
    this.unknown(path, table, [...Object.keys(rules), ...others]);
    const values: Record<string, string | boolean | readonly string[]> = {};
    for (const [key, rule] of Object.entries(rules)) {
      const value = table[key];
      if (value === undefined) continue;
      if (!fits(value, rule)) this.fail([...path, key], value, expectedForm(rule));
      values[key] = value as string | boolean | readonly string[];
    }
    return values;
  }

  unknown(path: readonly string[], table: TomlTable, known: readonly string[]): void {
    for (const key of Object.keys(table)) {
      if (known.includes(key)) continue;
      const near = nearest(key, known);
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      const at = locate(this.#text, [...path, key]);
      this.warnings.push(`${this.#path}:${at.line}:${at.column}: unknown key ${key}${hint}`);
    }
  }

  fail(path: readonly string[], value: unknown, expected: string): never {
    const { line, column } = locate(this.#text, path);
    const isSecret = path.includes('auth');
    const shown = isSecret ? '********' : JSON.stringify(value);
    throw new CliError(
      'E_CONFIG',
      `${this.#path}:${line}:${column}: ${path.join('.')} is ${shown}; expected ${expected}`,
      { hint: `edit ${this.#path}, then run iggyctl config validate` },
    );
  }
}

function fits(value: unknown, rule: KeyRule): boolean {
  switch (rule.kind) {
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'string[]':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    case 'choice':
      return typeof value === 'string' && (rule.choices ?? []).includes(value);
    case 'duration':
      return typeof value === 'string' && isDuration(value);
  }
}

function isDuration(text: string): boolean {
  try {
    parseDuration(text, 'duration');
    return true;
  } catch {
    return false;
  }
}

function isTable(value: unknown): value is TomlTable {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

function tablesOf(table: TomlTable): Record<string, TomlTable> {
  const tables: Record<string, TomlTable> = {};
  for (const [name, value] of Object.entries(table)) if (isTable(value)) tables[name] = value;
  return tables;
}

function prefixed(prefix: string, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value]),
  );
}
