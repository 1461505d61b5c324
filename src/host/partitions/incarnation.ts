import { tryGetU64Number } from '../../base/index.js';
import type { PartitionAddress } from '../../machine/index.js';
import { type Disk, type DiskDone, DiskError, type DiskFailure } from '../../ports/index.js';
import { encodePurgeGeneration, purgeGenerationFile } from '../../wire/index.js';
import { directoryOf } from './partition-place.js';

/** Names the incarnation that the files beside it belong to, by its revision. */
const marker = 'purge.gen';
const revisionAt = 8;

/**
 * Makes sure that what lies in the directory of a partition is its own: ids are used again, and a
 * node that dies may leave the files of a partition that was removed. Those go. Files of a later
 * incarnation stay as they are: metadata has not come that far yet.
 * @param ready called once, possibly at once: with nothing, or with why the directory is left alone
 * @throws DISK_FAILED when the marker cannot be read
 */
export function claimDirectory(
  disk: Disk,
  address: PartitionAddress,
  ready: (refusal?: { readonly reason: string; readonly mayPass: boolean }) => void,
): void {
  const directory = directoryOf(address);
  const { revision } = address;
  const fail = ({ path, code }: DiskFailure) =>
    ready({ reason: `cannot take up ${path}: ${code}`, mayPass: true });
  const mark = () => {
    const bytes = encodePurgeGeneration({ generation: 0, createdRevision: revision });
    disk.replace(`${directory}/${marker}`, bytes, (failure) => {
      if (failure === undefined) ready();
      else fail(failure);
    });
  };
  const found = revisionIn(disk, directory);
  if (found === revision) ready();
  else if (found === undefined) mark();
  else if (found > revision) {
    ready({ reason: `${directory} belongs to its incarnation ${found}`, mayPass: false });
  } else {
    removeAll(disk, directory, (failure) => {
      if (failure === undefined) mark();
      else fail(failure);
    });
  }
}

/** Removes the files of a partition, unless they belong to a later one with its ids. */
export function removeDirectory(disk: Disk, address: PartitionAddress, done: DiskDone): void {
  const directory = directoryOf(address);
  let found: number | undefined;
  try {
    found = revisionIn(disk, directory);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    done(error.failure);
    return;
  }
  if (found !== undefined && found > address.revision) done();
  else removeAll(disk, directory, done);
}

/** The marker goes last: without it, what a crash leaves would pass for files of anybody. */
function removeAll(disk: Disk, directory: string, done: DiskDone): void {
  const names = disk.list(directory).filter((name) => name !== marker);
  const next = (index: number) => (failure?: DiskFailure) => {
    const name = names[index];
    if (failure !== undefined) done(failure);
    else if (name === undefined) disk.remove(directory, done);
    else disk.remove(`${directory}/${name}`, next(index + 1));
  };
  next(0)();
}

/** Revision in the marker; `undefined` in a directory that is new, or of a server without it. */
function revisionIn(disk: Disk, directory: string): number | undefined {
  const path = `${directory}/${marker}`;
  const { size } = purgeGenerationFile;
  if ((disk.size(path) ?? 0) < size) return undefined;
  const revision = tryGetU64Number(disk.read(path, 0, size), revisionAt);
  return revision < 0 ? undefined : revision;
}
