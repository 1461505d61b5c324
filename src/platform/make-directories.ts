import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './errno.js';

/**
 * Makes a directory and all that are missing above it, with mode 0700. Unlike Node.js's own way it ends
 * with an error on file systems that refuse new directories with ENOENT, such as /proc: Node.js
 * then goes up and down for ever.
 */
export function makeDirectories(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const each of missing.reverse()) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      // Somebody else was faster.
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}
