import { isIggyctlError } from '../../base/index.js';
import type { SuperblockWrite } from '../../consensus/index.js';
import type { Disk } from '../../ports/index.js';
import { decodeSuperblock, type SuperblockRecord } from '../../wire/index.js';
import { BootRefusedError } from '../boot-refused.js';
import { inside } from './inside.js';
import type {
  SuperblockIdentity,
  SuperblockPosition,
  SuperblockSlotName,
} from './superblock-file.js';

/** The newest record of a pair, if it was ever written. */
export interface FoundSuperblock {
  readonly position: SuperblockPosition;
  readonly record?: SuperblockWrite;
  /** The record was written by this program, not by an official server. */
  readonly isOurs?: boolean;
}

/**
 * Reads both slots. A slot that has bytes but does not verify refuses the boot even beside a valid
 * one: it was durable once and may have been the newer one.
 * @throws BOOT_REFUSED
 */
export function readSuperblock(
  disk: Disk,
  directory: string,
  identity: SuperblockIdentity,
): FoundSuperblock {
  const slots = (['a', 'b'] as const).flatMap((slot) => {
    const path = inside(directory, `superblock.${slot}`);
    const found = readSlot(disk, path);
    if (found === undefined) return [];
    checkIdentity(path, found.record, identity);
    return [{ slot, ...found }];
  });
  const newest = slots.sort((x, y) => y.sequence - x.sequence)[0];
  if (newest === undefined) return { position: { sequence: 0, slot: 'b' } };
  const slot: SuperblockSlotName = newest.slot;
  return {
    position: { sequence: newest.sequence, slot },
    record: { ...newest.record, lostUpTo: 0, viewHeaders: [], ...ownPart(newest.record) },
    isOurs: newest.record.lostUpTo !== undefined,
  };
}

/** The fields that official records lack. */
function ownPart({ lostUpTo, viewHeaders }: SuperblockRecord): Partial<SuperblockWrite> {
  return lostUpTo === undefined || viewHeaders === undefined ? {} : { lostUpTo, viewHeaders };
}

function readSlot(disk: Disk, path: string): ReturnType<typeof decodeSuperblock> | undefined {
  const size = disk.size(path) ?? 0;
  if (size === 0) return undefined;
  try {
    return decodeSuperblock(disk.read(path, 0, size));
  } catch (error) {
    if (!isIggyctlError(error)) throw error;
    throw new BootRefusedError(
      'superblock_unreadable',
      `${path} holds bytes that are not a superblock: ${error.message}`,
      { path },
      error,
    );
  }
}

function checkIdentity(path: string, record: SuperblockRecord, own: SuperblockIdentity): void {
  const isOwn =
    record.cluster === own.cluster &&
    record.replica === own.replica &&
    record.replicaCount === own.replicaCount;
  if (isOwn) return;
  throw new BootRefusedError(
    'superblock_foreign',
    `${path} belongs to replica ${record.replica} of ${record.replicaCount} of another place`,
    { path, replica: record.replica, replicaCount: record.replicaCount, expected: own.replica },
  );
}
