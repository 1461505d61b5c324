import type { IggyClient } from '../../client/index.js';
import { humanDuration, type Pair } from '../../render/index.js';
import { clusterNodeRole, formatVersion, protocolVersion } from '../../wire/index.js';
import type { ObjectResult } from '../output/result.js';
import { hex128, shortTime } from '../output/wire-values.js';
import type { LoginRecord } from './login-record.js';

/** What is told of a session beyond what its record holds. */
export interface SessionFacts {
  readonly authMethod: string;
  readonly source: string;
  readonly verified: 'yes' | 'no' | 'expired' | 'unknown';
  readonly alreadyLoggedIn: boolean;
  readonly store: string | null;
}

/** The live session of a client, as far as it can be seen from outside. */
export async function observe(client: IggyClient, context: string, servers: readonly string[]) {
  const { session } = client;
  const { host = '', port = 0 } = session.endpoint ?? {};
  const me = await client.users.get(session.userId ?? 0);
  const metadata = await clusterOf(client);
  const probe = await client.request(1, new Uint8Array());
  const leader =
    metadata?.nodes.findIndex(({ role }) => role === clusterNodeRole.table.leader) ?? -1;
  return {
    ...{ context, servers, user: me?.username ?? '', user_id: session.userId ?? 0 },
    client_id: hex128(session.clientId),
    session: String(session.session ?? 0n),
    next_request: String(session.nextRequest),
    node: `${host}:${port}`,
    // Neither a login nor a read tells a client in which view the cluster is.
    view: null,
    primary: leader < 0 ? null : leader,
    commit: probe.commit === undefined ? null : String(probe.commit),
    server_version: session.serverVersion ?? '',
    server_protocol_version:
      session.serverProtocolVersion === undefined
        ? ''
        : formatVersion(session.serverProtocolVersion),
  };
}

/** Cluster metadata, or nothing where the user may not see it. */
async function clusterOf(client: IggyClient) {
  try {
    return await client.system.clusterMetadata();
  } catch {
    return undefined;
  }
}

export type ObservedSession = Awaited<ReturnType<typeof observe>>;

/** A session as a result. */
export function sessionResult(
  seen: ObservedSession | LoginRecord,
  facts: SessionFacts,
  expiresAt: string | null,
): ObjectResult {
  const server = seen.servers.join(',');
  const index = seen.servers.indexOf(seen.node);
  const own = formatVersion(protocolVersion);
  const pairs: Pair[] = [
    { label: 'Context', value: seen.context },
    { label: 'Server', value: server },
    { label: 'User', value: seen.user },
    { label: 'User ID', value: seen.user_id },
    { label: 'Client ID', value: seen.client_id },
    { label: 'Session', value: seen.session },
    { label: 'Next request', value: seen.next_request },
    { label: 'Bound node', value: seen.node },
    { label: 'View', value: seen.view },
    { label: 'Commit', value: seen.commit },
    { label: 'Primary', value: seen.primary },
    { label: 'Server version', value: seen.server_version },
    { label: 'Expires', value: expiryText(expiresAt) },
    { label: 'Verified', value: facts.verified },
  ];
  return {
    kind: 'session',
    pairs,
    name: seen.session,
    value: {
      ...{ context: seen.context, server, node: index < 0 ? null : index },
      ...{ user: seen.user, user_id: seen.user_id, client_id: seen.client_id },
      ...{ session: seen.session, next_request: seen.next_request, view: seen.view },
      ...{ primary: seen.primary, commit: seen.commit, auth_method: facts.authMethod },
      ...{ source: facts.source, store: facts.store, expires_at: expiresAt },
      ...{ verified: facts.verified, already_logged_in: facts.alreadyLoggedIn },
      protocol_version: own,
      server_protocol_version: seen.server_protocol_version,
      server_version: seen.server_version,
    },
  };
}

/** How long it is good for, to the second, and until when. */
function expiryText(expiresAt: string | null): string | null {
  if (expiresAt === null) return null;
  const until = `${shortTime(expiresAt)} UTC`;
  const seconds = Math.round((Date.parse(expiresAt) - Date.now()) / 1000);
  return seconds > 0 ? `in ${humanDuration(seconds * 1_000_000)}, ${until}` : `${until}, over`;
}
