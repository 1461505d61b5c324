import { consensusLimits } from '../../consensus/index.js';
import type { PartitionJudge } from '../check/partition-judge.js';
import type { Plan } from '../plan/plan.js';
import { type Dice, domain } from '../random/draw.js';
import type { FaultWorld } from './fault-world.js';
import type { SimNode } from './sim-node.js';

/** Kinds of files of a partition, and how often each is chosen of eight times. */
const kinds = [
  { name: 'segment', pattern: /\/\d+\.log$/, share: 4 },
  { name: 'index', pattern: /\/\d+\.index$/, share: 2 },
  { name: 'partition journal', pattern: /\/journal\.wal$/, share: 1 },
  { name: 'consumer offset', pattern: /\/offsets\/.*\/\d+$/, share: 1 },
] as const;

/** Kinds that only a partition itself can be told from, and how they are named. */
const marks = [
  { name: 'partition superblock', pattern: /\/superblock\.[ab]$/ },
  { name: 'purge generation', pattern: /\/purge\.gen$/ },
] as const;

/** One time of so many it is one of {@link marks}. */
const marksEvery = 8;

const inPartition = /^streams\/\d+\/topics\/\d+\/partitions\/\d+(?=\/)/;
const sectorBytes = 512;

/** What of the world has to know that a file rotted. */
interface Rotting {
  readonly dice: Dice;
  readonly plan: Plan;
  readonly partitions: Pick<PartitionJudge, 'hasLostOffsets'>;
  wipes: number;
}

/**
 * Damages a file of a partition at rest; says which kind of file it was. What a segment or a journal
 * loses is fetched from the others, as is all of a partition that lost its mark; an index is written
 * anew, a consumer's offset is forgotten. Without its superblock a partition may not be opened.
 */
export function rotPartition(world: Rotting, node: SimNode, value: number): string | undefined {
  const draw = (n: number, what: number) =>
    world.dice.below(n, domain.dataRot, node.index, value, what);
  if (value % marksEvery === marksEvery - 1) {
    const hit = rotMark(world, node, draw);
    if (hit !== undefined) return hit;
  }
  const total = kinds.reduce((sum, { share }) => sum + share, 0);
  let left = draw(total, 1);
  const chosen = kinds.findIndex(({ share }) => {
    left -= share;
    return left < 0;
  });
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[(chosen + i) % kinds.length];
    const paths = node.disk
      .paths()
      .filter((path) => inPartition.test(path) && kind?.pattern.test(path) === true)
      .filter((path) => isFetched(world.plan, node, path));
    const path = paths[draw(Math.max(1, paths.length), 2)];
    if (kind === undefined || path === undefined) continue;
    if (!damage(node, path, draw)) continue;
    // Until it is whole again nobody else may lose anything.
    world.wipes += 1;
    if (kind.name === 'consumer offset') world.partitions.hasLostOffsets = true;
    return kind.name;
  }
  return undefined;
}

function rotMark(
  world: Rotting,
  node: SimNode,
  draw: (n: number, what: number) => number,
): string | undefined {
  const kind = marks[draw(marks.length, 9)];
  const paths = node.disk
    .paths()
    .filter((path) => inPartition.test(path) && kind?.pattern.test(path) === true)
    .filter((path) => isFetched(world.plan, node, path, kind?.name === marks[0].name));
  const path = paths[draw(Math.max(1, paths.length), 2)];
  if (kind === undefined || path === undefined || !damage(node, path, draw)) return undefined;
  world.wipes += 1;
  if (kind.name === marks[0].name) node.rottenPartition = inPartition.exec(path)?.[0];
  return kind.name;
}

/** Whether a third of the time to converge is enough to get the partition of a file, or all, from another node. */
function isFetched(
  { network, limits, livenessTicks }: Plan,
  { disk }: SimNode,
  path: string,
  areAll = false,
): boolean {
  const directory = areAll ? 'streams/' : `${inPartition.exec(path)?.[0] ?? ''}/`;
  let bytes = 0;
  for (const other of disk.paths()) {
    if (other.startsWith(directory)) bytes += disk.file(other)?.length ?? 0;
  }
  const roundTrip = 2 * (network.minDelay + network.meanDelay) + 8;
  const chunks = Math.floor(livenessTicks / 3 / roundTrip);
  return bytes < chunks * consensusLimits(limits).chunkBytes;
}

function damage(node: SimNode, path: string, draw: (n: number, what: number) => number): boolean {
  const file = node.disk.file(path);
  const end = file === undefined ? 0 : Math.min(file.length, interiorEnd(node, path));
  if (file === undefined || end === 0) return false;
  const sectors = Math.floor(end / sectorBytes);
  const way = draw(4, 3);
  // Mostly a bit; a sector that a misdirected write covered; a file that is shorter than it was.
  if (way === 0 && sectors > 1) {
    const to = draw(sectors, 4);
    const from = (to + 1 + draw(sectors - 1, 5)) % sectors;
    return file.overwrite(to * sectorBytes, from * sectorBytes, sectorBytes);
  }
  if (way === 1 && path.endsWith('.log')) {
    const length = draw(end, 6);
    file.truncate(length);
    return true;
  }
  file.flip(draw(end, 7), draw(8, 8));
  return true;
}

/** The last batch of a journal stays: damage there looks like a torn write, and would be cut. */
function interiorEnd({ partitionLedgers }: SimNode, path: string): number {
  if (!path.endsWith('journal.wal')) return Number.POSITIVE_INFINITY;
  const directory = inPartition.exec(path)?.[0] ?? '';
  const { lastBatchOffset } = partitionLedgers.of(directory);
  return lastBatchOffset < 64 ? 0 : lastBatchOffset;
}

/**
 * A file of a partition rots while its node is down, which comes back at once and has to cope. Waits
 * for a moment at which the others hold everything.
 */
export function rotData(world: FaultWorld, node: SimNode, value: number): () => void {
  let isOver = false;
  let hasEnded = false;
  const strike = () => {
    if (isOver) return;
    if (node.state !== 'up' || !world.mayWipe(node)) {
      world.later(1, strike);
      return;
    }
    isOver = true;
    world.stop(node, true);
    const hit = world.rotData(node, value);
    if (hit !== undefined) world.recorder.mark(`rot in a ${hit}`);
    world.start(node);
    if (node.rottenPartition !== undefined) replaceRotten(world, node, () => hasEnded);
  };
  strike();
  return () => {
    isOver = true;
    hasEnded = true;
  };
}

/**
 * A partition with a rotten superblock is left alone, however often its node starts, until the node is
 * wiped in the end: as soon as the others hold everything.
 */
function replaceRotten(world: FaultWorld, node: SimNode, hasEnded: () => boolean): void {
  const directory = node.rottenPartition;
  if (directory === undefined) return;
  const slots = node.state === 'up' ? [...(node.host?.partitions.slots.values() ?? [])] : [];
  const slot = slots.find(({ address: { stream, topic, partition } }) => {
    return directory === `streams/${stream}/topics/${topic}/partitions/${partition}`;
  });
  node.rottenRevision ??= slot?.address.revision;
  if (slot?.state === 'open' && slot.address.revision === node.rottenRevision) {
    const detail = `r${node.index}: opened ${directory} over a superblock that has rotted`;
    world.fail({ class: 'S', invariant: 'S19', detail, node: node.index });
    return;
  }
  const isGone = node.state === 'up' && slot?.address.revision !== node.rottenRevision;
  if (isGone) node.forgetRot();
  else if (slot?.state === 'refused' && hasEnded() && world.mayWipe(node, true)) {
    world.stop(node, true);
    world.wipe(node);
    world.start(node);
  } else world.later(1, () => replaceRotten(world, node, hasEnded));
}
