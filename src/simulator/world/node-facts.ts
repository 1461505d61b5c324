import type { Violation } from '../check/verdict.js';
import type { SimNode } from './sim-node.js';

/** The acting primary of the highest view, or -1. */
export function actingPrimary(nodes: readonly SimNode[]): number {
  let best = -1;
  let view = -1;
  for (const { index, host } of nodes) {
    if (host?.status.isActingPrimary !== true || host.status.view <= view) continue;
    best = index;
    view = host.status.view;
  }
  return best;
}

/** What a node's own halt says: nothing where its disk failed, else an assertion or a sprung trap. */
export function verdictOnHalt(
  { disk, index: node }: SimNode,
  reason: string,
  detail: string,
): Violation | undefined {
  const isDisk = reason === 'sync_failed' || reason === 'log_frontier';
  if ((disk.failures > 0 && isDisk) || reason === 'superblock_wedged') return undefined;
  const text = `${reason}: ${detail}`;
  return detail.includes('trap:')
    ? { class: 'R', invariant: 'TRAP', detail: text, node }
    : { class: 'A', invariant: 'A', detail: text, node };
}
