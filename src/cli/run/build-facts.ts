import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Commit the running code was built from: that of the checkout, else what the build noted. */
export function commit(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); dirname(at) !== at; at = dirname(at)) {
    if (!existsSync(join(at, 'package.json'))) continue;
    const head = textOf(join(at, '.git', 'HEAD')) ?? textOf(join(at, 'dist', 'commit'));
    const reference = /^ref: (.+)$/.exec(head ?? '')?.[1];
    if (reference === undefined) return head ?? 'unknown';
    return textOf(join(at, '.git', reference)) ?? 'unknown';
  }
  return 'unknown';
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
