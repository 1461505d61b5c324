import type { JournalScan } from '../../wire/index.js';
import { BootRefusedError } from '../boot-refused.js';
import { inside } from './inside.js';
import type { FoundSuperblock } from './read-superblock.js';

/** Whose files they are. */
interface Owner {
  readonly plane: 'metadata' | 'partition';
  readonly identity: { readonly replicaCount: number };
}

/** And where. */
interface Place extends Owner {
  readonly directory: string;
}

/** What can be done about files that are lost or damaged, to stand behind a colon. */
export function nextStep({ plane, identity }: Owner, files: string): string {
  if (identity.replicaCount > 1) {
    return (
      `put ${files} back from a copy, or wipe the node and let the others fill it ` +
      '(cluster restart --wipe)'
    );
  }
  const rest =
    plane === 'metadata'
      ? 'start with nothing (cluster up --fresh)'
      : 'delete the topic, whose messages nobody else has';
  return `put ${files} back from a copy, or ${rest}`;
}

/** A group that lived had a journal. @throws BOOT_REFUSED */
export function journalMissing(place: Place, path: string): never {
  const kept = place.plane === 'metadata' ? 'the node lived' : 'the partition kept one';
  throw new BootRefusedError(
    'journal_missing',
    `${path} is missing, but ${kept}, so what was acknowledged last may be in no other file: ` +
      nextStep(place, 'it'),
    { path },
  );
}

/** Bytes that were written whole and rotted. @throws BOOT_REFUSED */
export function journalDamaged(place: Place, path: string, scan: JournalScan): never {
  throw new BootRefusedError(
    'journal_interior',
    `${path} is damaged at byte ${scan.validLength}, in front of intact records: ` +
      nextStep(place, 'it'),
    { path, offset: scan.validLength, intactAt: scan.intactAt },
  );
}

/**
 * A journal of ours with entries has a superblock beside it. Without one nobody knows in which view
 * this replica last spoke, and what it has said there.
 * @throws BOOT_REFUSED
 */
export function refuseWithoutSuperblock(
  superblock: FoundSuperblock,
  scan: JournalScan,
  place: Place,
): void {
  if (superblock.record !== undefined || scan.batches.length === 0) return;
  const { directory } = place;
  const slots = [inside(directory, 'superblock.a'), inside(directory, 'superblock.b')] as const;
  const journal = inside(directory, 'journal.wal');
  throw new BootRefusedError(
    'superblock_missing',
    `${slots[0]} and ${slots[1]} are both missing, but ${journal} holds ` +
      `${scan.entries.length} entries, so this replica has lived: ` +
      nextStep(place, 'one of them'),
    { path: slots[0], journal, entries: scan.entries.length },
  );
}
