import { join } from 'node:path';
import type { TomlTable, TomlValue } from 'smol-toml';
import { CliError, usageError } from '../cli-error.js';
import { type ConfigDraft, changeConfigFile } from '../config/config-file.js';
import { readTextIfPresent, writePrivateFile } from '../config/private-file.js';
import { authKeys, contextKeys, type KeyRule, tlsKeys } from '../config/schema.js';
import type { Settings } from '../config/settings.js';
import { nearest } from '../nearest.js';

const namePattern = /^[\w.-]{1,64}$/;

/** @throws CliError E_USAGE */
export function checkContextName(name: string): void {
  if (!namePattern.test(name)) {
    throw usageError(`"${name}" is no context name: letters, digits, dot, - and _ only`);
  }
  if (name === 'default') throw usageError('default is the built-in context');
}

/** The error for a name that is in no config file. */
export function contextMissing(name: string, known: Iterable<string>): CliError {
  const near = nearest(name, known);
  return new CliError('E_NOT_FOUND', `there is no context ${name}`, {
    hint: near === undefined ? 'iggyctl context list' : `did you mean ${near}?`,
  });
}

/** The error for a name that is taken. */
export function contextExists(name: string): CliError {
  return new CliError('E_CONFLICT', `there is a context ${name} already`, {
    hint: `iggyctl context show ${name}`,
  });
}

/** Changes one context, which must be there. */
export function changeContext(
  { places }: Settings,
  name: string,
  change: (table: TomlTable, draft: ConfigDraft) => void,
): void {
  changeConfigFile(places.configFile, (draft) => {
    const table = draft.contexts[name];
    if (table === undefined) throw contextMissing(name, Object.keys(draft.contexts));
    change(table, draft);
  });
}

/** Makes a context the active one and remembers the one before. */
export function useContext(settings: Settings, name: string): void {
  const { places, config } = settings;
  if (name !== 'default' && !config.contexts.has(name)) {
    throw contextMissing(name, config.contexts.keys());
  }
  changeConfigFile(places.configFile, (draft) => {
    activate(settings, draft, name);
  });
}

/** Makes a context the active one within a change of the file. */
export function activate(settings: Settings, draft: ConfigDraft, name: string): void {
  writePrivateFile(previousPath(settings), `${draft.current_context ?? 'default'}\n`);
  draft.current_context = name;
}

/** The context that was active before. @throws CliError E_NOT_FOUND */
export function previousContext(settings: Settings): string {
  const text = readTextIfPresent(previousPath(settings))?.trim();
  if (text !== undefined && text !== '') return text;
  throw new CliError('E_NOT_FOUND', 'no other context was active before');
}

function previousPath({ places }: Settings): string {
  return join(places.state, 'previous-context');
}

/** Sets `key` of a context from text. @throws CliError E_USAGE for unknown keys and secrets */
export function setKey(table: TomlTable, key: string, text: string): void {
  const rule = ruleOf(key);
  const isSecret = key.startsWith('auth.');
  if (isSecret && !/^(env|file|keyring|cmd):\/\//.test(text)) {
    throw usageError(
      `${key} takes a reference, not the secret itself`,
      'use env://NAME, file://PATH, keyring://NAME or cmd://PROGRAM',
    );
  }
  const [head = key, tail] = key.split('.');
  const value = typedValue(key, rule, text);
  if (tail === undefined) table[head] = value;
  else table[head] = { ...tableOf(table[head]), [tail]: value };
}

/** Removes `key` from a context. */
export function unsetKey(table: TomlTable, key: string): void {
  ruleOf(key);
  const [head = key, tail] = key.split('.');
  if (tail === undefined) delete table[head];
  else {
    const { [tail]: _removed, ...rest } = tableOf(table[head]);
    table[head] = rest;
  }
}

function tableOf(value: TomlValue | undefined): TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date)
    ? value
    : {};
}

function ruleOf(key: string): KeyRule {
  const known: Readonly<Record<string, KeyRule>> = {
    ...contextKeys,
    ...prefixed('auth', authKeys),
    ...prefixed('tls', tlsKeys),
  };
  const rule = known[key];
  if (rule !== undefined) return rule;
  const near = nearest(key, Object.keys(known));
  const help =
    near === undefined ? `known: ${Object.keys(known).join(', ')}` : `did you mean ${near}?`;
  throw usageError(`unknown key ${key}; ${help}`);
}

function prefixed(prefix: string, rules: Readonly<Record<string, KeyRule>>) {
  return Object.fromEntries(
    Object.entries(rules).map(([key, rule]) => [`${prefix}.${key}`, rule] as const),
  );
}

function typedValue(key: string, rule: KeyRule, text: string): TomlValue {
  if (rule.kind === 'string[]') return text.split(',').map((each) => each.trim());
  if (rule.kind !== 'boolean') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  throw usageError(`${key}: "${text}" is neither true nor false`);
}
