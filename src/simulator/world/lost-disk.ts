import type { CanonicalLog } from '../check/canonical-log.js';
import type { PartitionJudge } from '../check/partition-judge.js';
import { type Dice, domain } from '../random/draw.js';
import type { SimNode } from './sim-node.js';

/** What of the world decides whether a disk may be lost. */
interface Losable {
  readonly canonical: CanonicalLog;
  readonly head: number;
  readonly nodes: readonly SimNode[];
  readonly partitions: PartitionJudge;
  readonly wipes: number;
}

/** Once a run, in odd clusters from 3 on, while all others hold everything that is committed. */
export function mayLoseDisk(world: Losable, node: SimNode): boolean {
  const { nodes, wipes } = world;
  if (nodes.length < 3 || nodes.length % 2 === 0 || wipes > 0) return false;
  return areOthersWhole(world, node);
}

/** Whether all nodes but one hold everything that is committed. */
export function areOthersWhole(world: Losable, node: SimNode): boolean {
  const { canonical, head, nodes, partitions } = world;
  if (!partitions.mayWipe(node)) return false;
  return nodes.every((other) => {
    if (other === node) return true;
    const status = other.host?.status;
    const last = canonical.get(head);
    if (status === undefined || status.status !== 'normal' || status.head < head) return false;
    return last === undefined || other.ledger.holds(head, last.checksum);
  });
}

const sectorBytes = 512;

/**
 * Damages a file of the metadata at rest: mostly a bit of the journal's interior, else a sector there
 * that a misdirected write covered, or a bit of one superblock, or of the snapshot. False when that
 * file has nothing to damage. A node has to refuse to boot from it.
 */
export function rotFile(dice: Dice, node: SimNode, value: number): boolean {
  // A second fault might undo the first.
  if (node.isDamaged) return false;
  const style = (value >> 8) % 8;
  const hit =
    style === 0
      ? flipIn(dice, node, `metadata/superblock.${value % 2 === 0 ? 'a' : 'b'}`, value)
      : style === 1
        ? flipIn(dice, node, 'metadata/snapshot.bin', value)
        : style === 2
          ? misdirect(dice, node, value)
          : flipIn(dice, node, journal, value, interiorOf(node));
  if (hit) node.isDamaged = true;
  return hit;
}

const journal = 'metadata/journal.wal';

/** Not the last batch: damage there looks like a torn write, and would be cut. */
function interiorOf({ ledger }: SimNode): number {
  return ledger.lastBatchOffset < 64 ? 0 : ledger.lastBatchOffset;
}

function flipIn(dice: Dice, node: SimNode, path: string, value: number, end?: number): boolean {
  const file = node.disk.file(path);
  const length = file === undefined ? 0 : (end ?? file.length);
  if (file === undefined || length === 0) return false;
  file.flip(dice.below(length, domain.rot, value), value & 7);
  return true;
}

/** What was meant for one sector landed on another one. */
function misdirect(dice: Dice, node: SimNode, value: number): boolean {
  const file = node.disk.file(journal);
  const sectors = Math.floor(interiorOf(node) / sectorBytes);
  if (file === undefined || sectors < 2) return false;
  const to = dice.below(sectors, domain.misplaced, value);
  const from = (to + 1 + dice.below(sectors - 1, domain.misplaced, value, 1)) % sectors;
  return file.overwrite(to * sectorBytes, from * sectorBytes, sectorBytes);
}
