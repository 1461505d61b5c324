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
  const { canonical, head, nodes, partitions, wipes } = world;
  if (nodes.length < 3 || nodes.length % 2 === 0 || wipes > 0) return false;
  if (!partitions.mayWipe(node)) return false;
  return nodes.every((other) => {
    if (other === node) return true;
    const status = other.host?.status;
    const last = canonical.get(head);
    if (status === undefined || status.status !== 'normal' || status.head < head) return false;
    return last === undefined || other.ledger.holds(head, last.checksum);
  });
}

/** Flips a bit in the interior of a journal; false when it has none. */
export function rotJournal(dice: Dice, node: SimNode, value: number): boolean {
  const file = node.disk.file('metadata/journal.wal');
  // Not the last batch: damage there looks like a torn write, and would be cut.
  const scanned = file === undefined ? 0 : node.ledger.lastBatchOffset;
  if (file === undefined || scanned < 64) return false;
  file.flip(dice.below(scanned, domain.rot, value), value & 7);
  node.isDamaged = true;
  return true;
}
