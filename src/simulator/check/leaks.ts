import type { SimNode } from '../world/sim-node.js';

/**
 * S22: what a node still holds on to in a cluster that is at rest, or `undefined`. A fresh cluster
 * with the same sessions has none of it.
 */
export function leftoversOf(node: SimNode): string | undefined {
  const { host } = node;
  if (host === undefined) return undefined;
  const { state, status } = host.replica;
  const counts: Readonly<Record<string, number>> = {
    ...host.outstanding(),
    'queued requests': status.requestQueueLength,
    'prepares in flight': status.pipelineLength,
    'reads of the replica': state.reads.pending.length,
    'staged entries': state.staged.size,
    'journal writes': state.pendingWrites.size,
    'repair sessions': state.repair === undefined ? 0 : 1,
    transfers: state.transferStage === 'idle' ? 0 : 1,
  };
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  if (found.length === 0) return undefined;
  return found.map(([name, count]) => `${count} ${name}`).join(', ');
}
