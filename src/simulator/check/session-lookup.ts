import type { SimNode } from '../world/sim-node.js';

/** Epoch that the applied table of a node has for a client, or 0. */
export function epochAt(node: SimNode, client: bigint): number {
  return node.host?.replica.state.table.session(client)?.epoch ?? 0;
}

/** One connection in one life of a node, as one number. */
export function lineOf({ index, starts }: SimNode, connection: number): number {
  return (index * 0x1_0000 + starts) * 0x1_0000_0000 + connection;
}
