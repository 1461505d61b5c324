import { readFileSync } from 'node:fs';
import { type, version } from 'node:os';

/** Name and version of the operating system as the figures of a server give them. */
export interface SystemName {
  readonly name: string;
  readonly version: string;
}

/**
 * Name of the distribution and its long version, from the text of its `os-release` file, as official
 * servers tell them; `undefined` if there is no name in it.
 */
export function readOsRelease(text: string): SystemName | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim());
    if (match?.[1] !== undefined) fields.set(match[1], match[3] ?? '');
  }
  const name = fields.get('NAME');
  if (name === undefined || name === '') return undefined;
  const release = [name, fields.get('VERSION_ID') ?? ''].join(' ').trim();
  return { name, version: `Linux (${release})` };
}

/** What this machine runs; asks the kernel where no distribution is named. */
export function systemName(path = '/etc/os-release'): SystemName {
  try {
    const release = readOsRelease(readFileSync(path, 'utf8'));
    if (release !== undefined) return release;
  } catch {
    // Not Linux, or a very small one.
  }
  return { name: type(), version: version() };
}
