import { emptyBytes, isIggyctlError } from '../../base/index.js';
import type { RecoveredSnapshot, RecoveredState } from '../../consensus/index.js';
import { type Disk, DiskError, type DiskFailure } from '../../ports/index.js';
import { decodeSnapshotFile, type JournalScan, scanJournal } from '../../wire/index.js';
import { BootRefusedError } from '../boot-refused.js';
import { inside } from './inside.js';
import { encodeJournal, type JournalPosition } from './journal-file.js';
import { type FoundSuperblock, readSuperblock } from './read-superblock.js';
import { snapshotOp } from './snapshot-op.js';
import type { SuperblockIdentity, SuperblockPosition } from './superblock-file.js';

/** What the directory of a group held, made ready to be appended to. */
export interface OpenedStorage {
  /** Everything the replica restores itself from, but for the boot's own facts. */
  readonly state: Omit<RecoveredState, 'incarnation' | 'joining'>;
  readonly journal: JournalPosition;
  readonly superblock: SuperblockPosition;
  /** Bytes of a torn tail that were cut away. */
  readonly cutBytes: number;
}

/** Where a group lives and how its damage is judged. */
export interface StorageOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly identity: SuperblockIdentity;
  /** Metadata refuses to boot without its journal; a partition says that it was lost. */
  readonly plane: 'metadata' | 'partition';
  /** False for a partition that acknowledges from memory; true if absent. */
  readonly hasJournal?: boolean;
}

/** Called once, possibly at once: with the storage, or with why it could not be made ready. */
export type StorageOpened = (result: OpenedStorage | BootRefusedError) => void;

/**
 * Reads the files of a group and repairs what a power cut may lawfully leave: a torn tail is cut, a
 * missing journal of a group that never lived is made, a journal of upstream's layout is rewritten in
 * batches. Real damage changes nothing on disk.
 * @throws BOOT_REFUSED
 */
export function openStorage(options: StorageOptions, opened: StorageOpened): void {
  const { disk, directory } = options;
  const path = inside(directory, 'journal.wal');
  const found = readAll(options, path);
  const { scan } = found;
  const finish = (position: JournalPosition, cutBytes: number) => (failure?: DiskFailure) => {
    if (failure !== undefined) return opened(diskRefusal(new DiskError(failure)));
    const { position: superblock } = found.superblock;
    opened({ state: stateOf(found, options), journal: position, superblock, cutBytes });
  };
  if (scan.layout === 'plain') {
    const { bytes, nextBatch } = encodeJournal(scan.entries);
    disk.replace(path, bytes, finish({ length: bytes.length, nextBatch }, 0));
    return;
  }
  const position = { length: scan.validLength, nextBatch: scan.batches.length + 1 };
  if (scan.tail === 'torn') {
    disk.truncate(path, scan.validLength, finish(position, found.bytes - scan.validLength));
    return;
  }
  if (options.hasJournal === false) {
    // Entries of an earlier mode must not come back when that mode does.
    if (found.hadJournal) disk.remove(path, finish(position, 0));
    else finish(position, 0)();
    return;
  }
  // A process that died may have left entries that were written and never synced. From here on they
  // count as durable, so they have to be.
  if (!found.hadJournal) disk.append(path, []);
  disk.sync(path, finish(position, 0));
}

interface Found {
  readonly superblock: FoundSuperblock;
  readonly snapshot: RecoveredSnapshot | undefined;
  readonly scan: JournalScan;
  readonly hadJournal: boolean;
  /** Length of the journal file. */
  readonly bytes: number;
}

function readAll(options: StorageOptions, path: string): Found {
  const { disk, directory, identity, plane, hasJournal = true } = options;
  try {
    const superblock = readSuperblock(disk, directory, identity);
    const snapshot = plane === 'metadata' ? readSnapshot(disk, directory) : undefined;
    const bytes = disk.size(path);
    const lived = superblock.record !== undefined || snapshot !== undefined;
    if (bytes === undefined && plane === 'metadata' && lived) {
      throw new BootRefusedError('journal_missing', `${path} is missing, but the node lived`, {
        path,
      });
    }
    const isRead = bytes !== undefined && hasJournal;
    const scan = scanJournal(isRead ? disk.read(path, 0, bytes) : emptyBytes);
    if (scan.tail === 'interior') {
      throw new BootRefusedError(
        'journal_interior',
        `${path} is damaged at byte ${scan.validLength}, in front of intact records`,
        { path, offset: scan.validLength, intactAt: scan.intactAt },
      );
    }
    return { superblock, snapshot, scan, hadJournal: bytes !== undefined, bytes: bytes ?? 0 };
  } catch (error) {
    if (error instanceof DiskError) throw diskRefusal(error);
    throw error;
  }
}

function readSnapshot(disk: Disk, directory: string): RecoveredSnapshot | undefined {
  const path = inside(directory, 'snapshot.bin');
  const size = disk.size(path);
  if (size === undefined) return undefined;
  try {
    const { payload, checksum } = decodeSnapshotFile(disk.read(path, 0, size));
    return { op: snapshotOp(payload), payload, checksum };
  } catch (error) {
    if (!isIggyctlError(error) || error instanceof DiskError) throw error;
    const reason = `${path} is damaged: ${error.message}`;
    throw new BootRefusedError('snapshot_unreadable', reason, { path }, error);
  }
}

function stateOf(found: Found, options: StorageOptions): OpenedStorage['state'] {
  const { superblock, snapshot, scan, hadJournal } = found;
  const hasEntries = hadJournal && options.hasJournal !== false;
  const lived = superblock.record !== undefined;
  const journalLost = options.plane === 'partition' && lived && !hasEntries;
  return {
    entries: scan.entries,
    ...(superblock.record !== undefined && { superblock: superblock.record }),
    ...(snapshot !== undefined && { snapshot }),
    ...(scan.anchor !== undefined && { anchor: scan.anchor }),
    ...(journalLost && { journalLost }),
  };
}

function diskRefusal(error: DiskError): BootRefusedError {
  const { path } = error.failure;
  return new BootRefusedError('disk_failed', `cannot start: ${error.message}`, { path }, error);
}
