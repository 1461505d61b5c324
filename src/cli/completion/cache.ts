import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../config/private-file.js';
import type { Settings } from '../config/settings.js';

/** Names on a server, as completion keeps them between two key presses. */
export interface ServerNames {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly streams: readonly {
    readonly name: string;
    readonly topics: readonly { readonly name: string; readonly groups: readonly string[] }[];
  }[];
}

/** How long names are taken for true. */
export const freshMillis = 5000;

/** Where the names of the chosen server are kept. */
export function cacheFile({ places, contextName, servers }: Settings): string {
  const text = `${contextName.value}\n${servers.join(',')}`;
  const key = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return join(places.cache, 'completion', `${key}.json`);
}

/** What is kept, whatever its age; nothing when it cannot be read. */
export function readNames(path: string): ServerNames | undefined {
  try {
    // Written by this program; whatever else is there fails at the first use, which is caught.
    return JSON.parse(readFileSync(path, 'utf8')) as ServerNames;
  } catch {
    return undefined;
  }
}

/** Replaces what is kept in one step. */
export function writeNames(path: string, names: ServerNames): void {
  makeFolder(dirname(path));
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(names), { mode: 0o600 });
  renameSync(temporary, path);
}
