import { commands, encode } from '../../wire/index.js';
import type { Connection } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { RosterNode } from '../roster-config.js';
import { formatIp, type IpAddress, matchCidr, parseIp } from './ip-address.js';

const role = { leader: 0, follower: 1 } as const;
const healthy = 0 as const;
const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * The configured roster with the leader marked, if one is known here. It is configuration: the
 * status says nothing about who is alive.
 *
 * @source Iggy session protocol, cluster metadata
 */
export function readRoster(core: Core, connection: Connection): Uint8Array {
  const { roster } = core.config;
  const leader = knownLeader(core);
  const peer = parseIp(withoutPort(connection.address));
  const nodes = roster.nodes.map((node) => ({
    name: node.name,
    ip: announcedHost(node, connection, peer),
    tcp: node.tcp,
    quic: node.quic,
    http: node.http,
    websocket: node.websocket,
    role: node.replica === leader ? role.leader : role.follower,
    status: healthy,
  }));
  return encode(commands.get_cluster_metadata.response, { name: roster.clusterName, nodes });
}

/** Replica id of the leader, or -1 while this node does not know it. */
function knownLeader(core: Core): number {
  const { node, nodeCount } = core.config;
  if (nodeCount === 1) return node;
  const { status, primary, isActingPrimary } = core.deps.consensus.status;
  if (status !== 'normal') return -1;
  // A node that declines the leadership its view assigns to it knows of no leader.
  return primary === node && !isActingPrimary ? -1 : primary;
}

function announcedHost(
  node: RosterNode,
  connection: Connection,
  peer: IpAddress | undefined,
): string {
  const selected = peer === undefined ? undefined : selectedAddress(node, peer);
  const host = selected ?? node.advertisedHost ?? node.host;
  return wildcards.has(canonicalHost(host)) ? connection.localAddress : canonicalHost(host);
}

/** The address for the most specific network that contains the peer. */
function selectedAddress(node: RosterNode, peer: IpAddress): string | undefined {
  let best = -1;
  let address: string | undefined;
  for (const selector of node.selectors ?? []) {
    const length = matchCidr(selector.cidr, peer);
    if (length <= best) continue;
    best = length;
    address = selector.address;
  }
  return address;
}

/** IP addresses canonical, host names in lower case, anything else as it was written. */
function canonicalHost(host: string): string {
  const ip = parseIp(host);
  if (ip !== undefined) return formatIp(ip);
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?$/i.test(host) ? host.toLowerCase() : host;
}

function withoutPort(address: string): string {
  const colon = address.lastIndexOf(':');
  return colon < 0 ? address : address.slice(0, colon);
}
