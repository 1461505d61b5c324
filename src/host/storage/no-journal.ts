import { emptyBytes } from '../../base/index.js';
import type { Disk, DiskDone } from '../../ports/index.js';
import { inside } from './inside.js';

/**
 * Empty file in the directory of a partition without peers that acknowledges from memory: it keeps no
 * journal. Where this is missing as well, a journal that is not there was lost.
 */
const markName = 'journal.none';

export function hasNoJournalMark(disk: Disk, directory: string): boolean {
  return disk.size(inside(directory, markName)) !== undefined;
}

/** Says durably that there is no journal; `done` may be called at once. */
export function markNoJournal(disk: Disk, directory: string, done: DiskDone): void {
  if (hasNoJournalMark(disk, directory)) done();
  else disk.replace(inside(directory, markName), emptyBytes, done);
}

/** From now on there is one; it has to be in place. */
export function unmarkNoJournal(disk: Disk, directory: string, done: DiskDone): void {
  if (hasNoJournalMark(disk, directory)) disk.remove(inside(directory, markName), done);
  else done();
}
