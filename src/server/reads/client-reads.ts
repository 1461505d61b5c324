import { emptyBytes, getU32 } from '../../base/index.js';
import { type ClientRecord, clientDetails, commands, encode, noUser } from '../../wire/index.js';
import type { Connection } from '../core/connection.js';
import type { Core } from '../core/core.js';

/** What a client is told about a connection. @source Iggy binary protocol, client records */
export function readMe(core: Core, connection: Connection): Uint8Array {
  return encode(clientDetails, details(core, connection));
}

/** The connection with this number; nothing when there is none or the body is too short. */
export function readClient(core: Core, body: Uint8Array): Uint8Array {
  if (body.length < 4) return emptyBytes;
  const connection = core.sessions.get(getU32(body, 0));
  return connection === undefined ? emptyBytes : readMe(core, connection);
}

/** All connections of this node, logged in or not. */
export function readClients(core: Core): Uint8Array {
  const clients = Array.from(core.sessions.connections(), (each) => details(core, each));
  return encode(commands.get_clients.response, { clients });
}

function details(core: Core, connection: Connection) {
  const binding = connection.bound;
  const memberships = binding === undefined ? [] : core.deps.metadata.memberships(binding.clientId);
  const record: ClientRecord = {
    client_id: connection.id >>> 0,
    user_id: binding?.userId ?? noUser,
    transport: connection.transport,
    address: connection.address,
    consumer_groups_count: memberships.length,
  };
  const groups = memberships.map(({ stream, topic, group }) => ({
    stream_id: stream,
    topic_id: topic,
    group_id: group,
  }));
  return { ...record, consumer_groups: groups };
}
