import { type ClusterMetadata, commands, decode, isWireError } from '../wire/index.js';
import type { Endpoint } from './endpoint.js';

/** Where the nodes of a roster are, as far as one transport is concerned. */
export interface Roster {
  /** Nodes on which the transport is switched on. */
  readonly endpoints: readonly Endpoint[];
  readonly size: number;
  /** A healthy leader on which the transport is switched on. */
  readonly leader: Endpoint | undefined;
}

/** Reads a roster; nothing when the bytes are not one. */
export function readRoster(payload: Uint8Array, port: 'tcp' | 'websocket'): Roster | undefined {
  let metadata: ClusterMetadata;
  try {
    metadata = decode(commands.get_cluster_metadata.response, payload, { allowTrailing: true });
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
  const { nodes } = metadata;
  const leader = nodes.find((node) => node.role === 0 && node.status === 0 && node[port] !== 0);
  return {
    endpoints: nodes
      .filter((node) => node[port] !== 0)
      .map((node) => ({ host: node.ip, port: node[port] })),
    size: nodes.length,
    leader: leader && { host: leader.ip, port: leader[port] },
  };
}
