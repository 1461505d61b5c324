import { BootRefusedError, metadataDirectory } from '../host/index.js';
import type { ClusterNode } from './cluster-node.js';

/** What every node has that ever ran. */
const files = ['journal.wal', 'superblock.a', 'superblock.b', 'snapshot.bin'];

/** What becomes of a node of a cluster that ran before. */
export type LostData =
  /** Its files are there, or it was wiped on purpose. */
  | { readonly kind: 'none' }
  /** The others fill it again; until then it must not vote, for it has forgotten what it said. */
  | { readonly kind: 'joins' }
  | { readonly kind: 'refuses'; readonly why: BootRefusedError };

/**
 * Looks for nodes without any file of theirs in a cluster whose nodes all had some. Too many of them
 * could agree on something that the others know better, and a lone one would pass for a new one.
 * Of two nodes the other one has everything that was ever acknowledged.
 */
export function lostDataOf(node: ClusterNode, all: readonly ClusterNode[]): LostData {
  if (!hasNoFiles(node) || all.length === 2) return { kind: 'none' };
  const whole = all.filter((each) => !hasNoFiles(each)).length;
  const quorum = Math.floor(all.length / 2) + 1;
  if (whole >= quorum) return { kind: 'joins' };
  const path = `node-${node.id}/${metadataDirectory}`;
  const others = all.length === 1 ? '' : `, as ${all.length - whole} of ${all.length} nodes are`;
  const why = new BootRefusedError(
    'data_missing',
    `${path} is empty${others}, but this cluster has run before: put the files back from a copy, ` +
      'or start with nothing (cluster up --fresh)',
    { path },
  );
  return { kind: 'refuses', why };
}

function hasNoFiles({ disk, isJoining }: ClusterNode): boolean {
  return (
    !isJoining && files.every((name) => disk.size(`${metadataDirectory}/${name}`) === undefined)
  );
}
