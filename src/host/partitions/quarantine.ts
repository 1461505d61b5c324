import type { PartitionAddress } from '../../machine/index.js';
import { type Disk, type DiskDone, DiskError, type DiskFailure } from '../../ports/index.js';
import { generationIn, markEmpty } from './incarnation.js';
import { directoryOf } from './partition-place.js';

/** Stay with the partition: they say who it is and which offsets it may have given. */
const kept = new Set(['superblock.a', 'superblock.b', 'purge.gen']);

const journalName = 'journal.wal';

/**
 * Puts all files of a partition but its superblock into a directory beside it, `<id>.fenced.<n>`. A
 * disk that cannot move removes them instead: peers hold what was committed. The journal goes first: what
 * a crash leaves behind then is refilled. At last the partition is marked as one that holds nothing.
 */
export function quarantine(disk: Disk, address: PartitionAddress, done: DiskDone): void {
  try {
    moveAll(disk, directoryOf(address), (failure) => {
      if (failure !== undefined) done(failure);
      else markEmpty(disk, address, generationIn(disk, address), done);
    });
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    done(error.failure);
  }
}

function moveAll(disk: Disk, directory: string, done: DiskDone): void {
  const found = disk.list(directory).filter((name) => !kept.has(name));
  const names = [
    ...found.filter((name) => name === journalName),
    ...found.filter((name) => name !== journalName).reverse(),
  ];
  const target = freeName(disk, directory);
  const next = (index: number) => (failure?: DiskFailure) => {
    const name = names[index];
    if (failure !== undefined || name === undefined) {
      done(failure);
      return;
    }
    const from = `${directory}/${name}`;
    if (disk.move === undefined) disk.remove(from, next(index + 1));
    else disk.move(from, `${target}/${name}`, next(index + 1));
  };
  next(0)();
}

function freeName(disk: Disk, directory: string): string {
  const cut = directory.lastIndexOf('/');
  const taken = new Set(disk.list(directory.slice(0, cut)));
  for (let n = 0; ; n++) {
    const name = `${directory.slice(cut + 1)}.fenced.${n}`;
    if (!taken.has(name)) return `${directory.slice(0, cut)}/${name}`;
  }
}
