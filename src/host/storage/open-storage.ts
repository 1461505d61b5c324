import { emptyBytes, isIggyctlError } from '../../base/index.js';
import type { RecoveredSnapshot, RecoveredState } from '../../consensus/index.js';
import { type Disk, type DiskDone, DiskError, type DiskFailure } from '../../ports/index.js';
import {
  decodeSnapshotFile,
  encodeSuperblock,
  type JournalScan,
  scanJournal,
} from '../../wire/index.js';
import { BootRefusedError } from '../boot-refused.js';
import { inside } from './inside.js';
import { encodeJournal, type JournalPosition } from './journal-file.js';
import { hasNoJournalMark, markNoJournal, unmarkNoJournal } from './no-journal.js';
import { type FoundSuperblock, readSuperblock } from './read-superblock.js';
import { journalDamaged, journalMissing, refuseWithoutSuperblock } from './refuse-to-open.js';
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
  /** The files were here before: what is not there now was lost. */
  readonly wasMade?: boolean;
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
  if (isFirstStart(found, options)) {
    makeGroup(options, found, opened);
    return;
  }
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
    leaveWithoutJournal(options, found, finish(position, 0));
    return;
  }
  // Without a journal beside it a record says that the journal was lost, which has to be said again
  // after every restart, until the loss itself is on record: the first entry makes the file.
  if (isLost(found, options)) {
    finish(position, 0)();
    return;
  }
  // A process that died may have left entries that were written and never synced. From here on they
  // count as durable, so they have to be.
  const ready = finish(position, 0);
  const unmark: DiskDone = (failure) => {
    if (failure !== undefined) ready(failure);
    else unmarkNoJournal(disk, directory, ready);
  };
  syncJournal(disk, path, found, unmark);
}

/** Makes the file if need be; `done` may be called at once, with a failure. */
function syncJournal(disk: Disk, path: string, { hadJournal }: Found, done: DiskDone): void {
  try {
    if (!hadJournal) disk.append(path, []);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    done(error.failure);
    return;
  }
  disk.sync(path, done);
}

/** Entries of an earlier mode must not come back when that mode does. */
function leaveWithoutJournal(options: StorageOptions, found: Found, done: DiskDone): void {
  const { disk, directory, identity } = options;
  const remove: DiskDone = (failure) => {
    if (failure === undefined && found.hadJournal) {
      disk.remove(inside(directory, 'journal.wal'), done);
    } else done(failure);
  };
  // With peers a record without a journal says that it was lost, whatever the reason.
  if (identity.replicaCount > 1) remove();
  else markNoJournal(disk, directory, remove);
}

/** Nothing of the group was ever written here, or a crash came between its first two files. */
function isFirstStart({ superblock, scan, snapshot }: Found, options: StorageOptions): boolean {
  const isEmpty = scan.batches.length === 0 && scan.entries.length === 0;
  const isNew = superblock.record === undefined && snapshot === undefined && isEmpty;
  return isNew && scan.tail !== 'torn' && options.hasJournal !== false;
}

/** A partition of a cluster whose journal, or all of it, is gone: it must not speak for what it held. */
function isLost({ superblock, hadJournal }: Found, options: StorageOptions): boolean {
  const { plane, identity, hasJournal, wasMade } = options;
  const isRecorded = superblock.record !== undefined;
  const hasAll = isRecorded && hadJournal && hasJournal !== false;
  const isMissing = (isRecorded || wasMade === true) && !hasAll;
  return plane === 'partition' && identity.replicaCount > 1 && isMissing;
}

/**
 * The journal first, then a superblock: entries are only ever written beside one, so that the loss of
 * both slots can be told from a first start.
 */
function makeGroup(options: StorageOptions, found: Found, opened: StorageOpened): void {
  const { disk, directory } = options;
  const { cluster, replica, replicaCount } = options.identity;
  const path = inside(directory, 'journal.wal');
  const record = { cluster, replica, replicaCount, ...genesisRecord };
  const fail = (failure: DiskFailure) => opened(diskRefusal(new DiskError(failure)));
  const state = stateOf(found, options);
  const writeRecord = (unsynced?: DiskFailure) => {
    if (unsynced !== undefined) return fail(unsynced);
    const bytes = encodeSuperblock({ sequence: 1, record });
    disk.replace(inside(directory, 'superblock.a'), bytes, (unwritten) => {
      if (unwritten !== undefined) return fail(unwritten);
      unmarkNoJournal(disk, directory, (unremoved) => {
        if (unremoved !== undefined) return fail(unremoved);
        opened({
          state,
          journal: { length: 0, nextBatch: 1 },
          superblock: { sequence: 1, slot: 'a' },
          cutBytes: 0,
        });
      });
    });
  };
  // A record alone says that the journal was lost.
  if (state.journalLost === true) disk.remove(path, writeRecord);
  else syncJournal(disk, path, found, writeRecord);
}

/** What is true of a group before its first view change. */
const genesisRecord = {
  view: 0,
  ...{ logView: 0, commitMax: 0, checkpointOp: 0, checkpointChecksum: 0n },
  ...{ offsetFrontier: 0, lostUpTo: 0, viewHeaders: [] },
};

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
    const isMissing = plane === 'metadata' ? lived : keptJournalAlone(options, superblock);
    if (bytes === undefined && isMissing) journalMissing(options, path);
    const isRead = bytes !== undefined && hasJournal;
    // A journal is put into frames before the first record of ours is written beside it.
    const isOurs = superblock.isOurs === true;
    const scan = scanJournal(isRead ? disk.read(path, 0, bytes) : emptyBytes, isOurs);
    if (scan.tail === 'interior') {
      journalDamaged(options, path, scan);
    }
    const found = {
      superblock,
      snapshot,
      scan,
      hadJournal: bytes !== undefined,
      bytes: bytes ?? 0,
    };
    refuseWithoutSuperblock(superblock, scan, options);
    return found;
  } catch (error) {
    if (error instanceof DiskError) throw diskRefusal(error);
    throw error;
  }
}

/**
 * Whether a partition without peers had a journal: only there its last messages may have been, and
 * nobody else has them. An official server keeps none, and neither does memory mode.
 */
function keptJournalAlone(options: StorageOptions, superblock: FoundSuperblock): boolean {
  const { disk, directory, identity, hasJournal, wasMade } = options;
  if (identity.replicaCount > 1 || hasJournal === false) return false;
  const lived = superblock.isOurs === true || wasMade === true;
  return lived && !hasNoJournalMark(disk, directory);
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
  const isAlone = options.plane === 'partition' && lived && !hasEntries;
  const journalLost = isLost(found, options) || isAlone;
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
