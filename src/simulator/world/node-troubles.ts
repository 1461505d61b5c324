import type { FaultWorld } from './fault-world.js';
import type { DiskWork } from './sim-disk.js';
import type { SimNode } from './sim-node.js';

/** Dies, and again while it comes back, up to five times. */
export function reboot(world: FaultWorld, node: SimNode, value: number): (() => void) | undefined {
  if (node.state === 'down') return undefined;
  let isOver = false;
  const again = (left: number) => {
    world.stop(node, (value & 1) === 1);
    world.later(1 + ((value >> 1) & 15), () => {
      if (isOver) return;
      world.start(node);
      // Sometimes before the disk was read, sometimes after the first frames.
      if (left > 0) world.later(1 + ((value >> (left + 4)) & 63), () => once(left - 1));
    });
  };
  const once = (left: number) => {
    if (!isOver && node.state !== 'down' && node.state !== 'refused') again(left);
  };
  again(1 + (value % 5));
  return () => {
    isOver = true;
    if (node.state === 'down') world.start(node);
  };
}

/** Places of a disk's work at which a process may die. */
const places: readonly { readonly work: DiskWork; readonly file: string }[] = [
  { work: 'replace', file: 'metadata/superblock.' },
  { work: 'sync', file: 'metadata/journal.wal' },
  { work: 'replace', file: 'metadata/superblock.' },
  { work: 'replace', file: 'metadata/snapshot.bin' },
  { work: 'replace', file: 'metadata/journal.wal' },
  { work: 'sync', file: '' },
];

/** Dies right before or right after a piece of work of its disk is done. */
export function crashAt(world: FaultWorld, node: SimNode, value: number): () => void {
  const place = places[value % places.length];
  const isBefore = (value >> 3) % 2 === 0;
  let isOver = false;
  let hit = false;
  const die = () => {
    if (isOver || node.state === 'down') return;
    hit = true;
    world.recorder.mark(`crash ${isBefore ? 'before' : 'after'} ${place?.work ?? ''}`);
    // A power cut, half of the time.
    world.stop(node, (value >> 4) % 2 === 0);
  };
  node.disk.strike = (work, path, isDone) => {
    if (work !== place?.work || !path.startsWith(place.file) || isDone === isBefore) return false;
    node.disk.strike = undefined;
    world.later(isBefore ? 1 : 0, die);
    return true;
  };
  return () => {
    isOver = true;
    node.disk.strike = undefined;
    if (hit && node.state === 'down') world.start(node);
  };
}

/** What a disk gives instead of a file of the metadata: nothing, or other bytes. */
export function misread(world: FaultWorld, node: SimNode, value: number): (() => void) | undefined {
  if (node.state !== 'up') return undefined;
  world.stop(node, false);
  const { disk } = node;
  const isError = value % 3 === 0;
  disk.trouble.readFails = isError;
  // It has to refuse to boot from what it reads.
  node.isMisled = isError || disk.misdirectReads(value >> 2, node.ledger.lastBatchOffset);
  world.start(node);
  return () => {
    disk.trouble.readFails = false;
    disk.readRightly();
    node.isMisled = false;
    world.start(node);
  };
}
