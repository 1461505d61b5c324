import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { CliError } from '../cli-error.js';
import { readTextIfPresent } from './private-file.js';

/** What a `.iggyctl.toml` may say: nothing that is secret or that runs something. */
export interface ProjectFile {
  readonly path: string;
  readonly context: string | undefined;
  readonly values: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

const allowed = ['output', 'color', 'timeout', 'consistency', 'transport', 'framing', 'server'];

/**
 * The nearest `.iggyctl.toml` from `directory` upwards, up to the first directory that holds
 * `.git` or is `home`. Keys it may not have are left out with a warning.
 */
export function findProjectFile(directory: string, home: string): ProjectFile | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const path = join(at, '.iggyctl.toml');
    const text = readTextIfPresent(path);
    if (text !== undefined) return parseProject(path, text);
    if (at === home || existsSync(join(at, '.git')) || dirname(at) === at) return undefined;
  }
}

function parseProject(path: string, text: string): ProjectFile {
  const values: Record<string, string> = {};
  const warnings: string[] = [];
  let context: string | undefined;
  for (const [key, value] of Object.entries(parsed(path, text))) {
    if (key === 'context' && typeof value === 'string') context = value;
    else if (allowed.includes(key) && typeof value === 'string') values[key] = value;
    else warnings.push(`${path}: ${key} is ignored; a project file may not set it`);
  }
  return { path, context, values, warnings };
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
