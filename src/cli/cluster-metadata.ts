import { type ClusterMetadata, clusterNodeRole, clusterNodeStatus } from '../wire/index.js';

/** Cluster metadata as it is shown; `self` is the address of the node that answered. */
export function metadataFields(metadata: ClusterMetadata, self: string) {
  return {
    name: metadata.name,
    nodes: metadata.nodes.map((node) => ({
      name: node.name,
      ip: node.ip,
      endpoints: { tcp: node.tcp, quic: node.quic, http: node.http, websocket: node.websocket },
      role: clusterNodeRole.nameOf(node.role),
      status: clusterNodeStatus.nameOf(node.status),
      self: `${node.ip}:${node.tcp}` === self,
    })),
  };
}

type MetadataFields = ReturnType<typeof metadataFields>;

/** Where another node says something else. */
export function disagreements(seen: MetadataFields, other: MetadataFields, node: string) {
  const found: { node: string; field: string; value: string }[] = [];
  if (other.name !== seen.name) found.push({ node, field: 'name', value: other.name });
  seen.nodes.forEach((mine, at) => {
    const theirs = other.nodes[at];
    for (const field of ['name', 'ip', 'role', 'status'] as const) {
      if (theirs?.[field] === mine[field]) continue;
      found.push({ node, field: `nodes.${at}.${field}`, value: theirs?.[field] ?? 'nothing' });
    }
  });
  return found;
}
