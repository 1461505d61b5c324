import { dirname, resolve } from 'node:path';
import { directoryHolder } from '../../cluster/index.js';

/** A data directory that a living process has locked. */
export interface Holder {
  readonly directory: string;
  readonly pid: number;
}

/** Levels between a partition's files and the directory that is locked. */
const mostLevels = 12;

/** The process that uses the data directory a file or folder belongs to, if one does. */
export function holderOf(path: string): Holder | undefined {
  let directory = resolve(path);
  for (let level = 0; level < mostLevels; level++) {
    const pid = directoryHolder(directory);
    if (pid !== undefined) return { directory, pid };
    const parent = dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
  return undefined;
}
