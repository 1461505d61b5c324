import type { PartitionAddress } from '../../machine/index.js';
import { type Disk, type DiskDone, DiskError, type DiskFailure } from '../../ports/index.js';
import { decodePartitionMark, encodePartitionMark, type PartitionMark } from '../../wire/index.js';
import { directoryOf } from './partition-place.js';

/** Names the incarnation that the files beside it belong to, by its revision. */
const marker = 'purge.gen';

/** Nothing has to be in a directory that is new. */
const newExtent = { start: 0, end: 0, jumps: [] };

/** Why a directory is not taken up. */
export interface ClaimRefusal {
  readonly reason: string;
  readonly mayPass: boolean;
  /** Its marker was lost or has rotted: what lies there cannot be trusted. */
  readonly isDamaged?: boolean;
}

/**
 * Makes sure that what lies in the directory of a partition is its own: ids are used again, and a
 * node that dies may leave the files of a partition that was removed. Those go. Files of a later
 * incarnation stay as they are: metadata has not come that far yet.
 * @param known.wasMade this incarnation was made here before, so its marker has to be there
 * @param known.hasPeers what was never made here may go, whatever it was: others have what counts
 * @param ready called once, possibly at once: with nothing, or with why the directory is left alone
 * @throws DISK_FAILED when the marker cannot be read
 */
export function claimDirectory(
  disk: Disk,
  address: PartitionAddress,
  { wasMade, hasPeers }: { readonly wasMade: boolean; readonly hasPeers: boolean },
  ready: (refusal?: ClaimRefusal) => void,
): void {
  const directory = directoryOf(address);
  const path = `${directory}/${marker}`;
  const { revision } = address;
  const end: DiskDone = (failure) => {
    if (failure === undefined) ready();
    else ready({ reason: `cannot take up ${failure.path}: ${failure.code}`, mayPass: true });
  };
  const refuse = (reason: string, isDamaged: boolean) =>
    ready({ reason, mayPass: false, isDamaged });
  const startAnew = () =>
    removeAll(disk, directory, (failure) => {
      if (failure === undefined) markEmpty(disk, address, 0, end);
      else end(failure);
    });
  const found = markIn(disk, directory);
  if (found === 'damaged' && !wasMade && hasPeers) startAnew();
  else if (found === 'damaged') refuse(`${path} does not match its checksum`, wasMade);
  else if (found === 'absent' && wasMade) {
    refuse(`${path} is missing, but the partition was made here`, true);
  } else if (found === 'absent') {
    // What a server without extents left there says itself what it is.
    const isNew = disk.list(directory).length === 0;
    const mark = { generation: 0, createdRevision: revision };
    disk.replace(path, encodePartitionMark(isNew ? { ...mark, extent: newExtent } : mark), end);
  } else if (found.createdRevision === revision) ready();
  else if (found.createdRevision > revision) {
    refuse(`${directory} belongs to its incarnation ${found.createdRevision}`, false);
  } else startAnew();
}

/** Marks a directory whose segments have gone with good reason. */
export function markEmpty(
  disk: Disk,
  address: PartitionAddress,
  generation: number,
  done: DiskDone,
): void {
  const mark = { generation, createdRevision: address.revision, extent: newExtent };
  disk.replace(`${directoryOf(address)}/${marker}`, encodePartitionMark(mark), done);
}

/** How far purges were carried out here; 0 where nobody can tell. */
export function generationIn(disk: Disk, address: PartitionAddress): number {
  const found = markIn(disk, directoryOf(address));
  if (found === 'absent' || found === 'damaged') return 0;
  return found.createdRevision === address.revision ? found.generation : 0;
}

/** Removes the files of a partition, unless they belong to a later one with its ids. */
export function removeDirectory(disk: Disk, address: PartitionAddress, done: DiskDone): void {
  const directory = directoryOf(address);
  try {
    const found = markIn(disk, directory);
    const isLater = typeof found === 'object' && found.createdRevision > address.revision;
    if (isLater) done();
    else removeAll(disk, directory, done);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    done(error.failure);
  }
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

/** What the marker says; `absent` in a directory that is new, or of a server without it. */
function markIn(disk: Disk, directory: string): PartitionMark | 'absent' | 'damaged' {
  const path = `${directory}/${marker}`;
  const size = disk.size(path);
  return decodePartitionMark(size === undefined ? undefined : disk.read(path, 0, size));
}
