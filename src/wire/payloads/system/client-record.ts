import { counted, field, type StructValue, struct, text, u32 } from '../../schema/index.js';
import { transportKind } from '../primitives/index.js';

const shape = () =>
  ({
    client_id: field(u32, "Low 32 bits of the server's connection id; not the session's client."),
    user_id: field(u32, 'Logged-in user; 4294967295 = not logged in.'),
    transport: field(transportKind, 'How the client is connected.'),
    address: field(text(u32), 'Address and port of the client.'),
    consumer_groups_count: field(u32, 'Memberships of the client.'),
  }) as const;

/** A connected client, without its memberships. */
export interface ClientRecord extends StructValue<typeof shape> {}
export const clientRecord = struct('ClientRecord', shape);

/** User id of a connection that has not logged in. */
export const noUser = 0xffff_ffff;

const membershipShape = () =>
  ({
    stream_id: field(u32, 'Stream of the group.'),
    topic_id: field(u32, 'Topic of the group.'),
    group_id: field(u32, 'Consumer group.'),
  }) as const;

/** One consumer group a client is in. */
export interface GroupMembership extends StructValue<typeof membershipShape> {}

/** A connected client and its memberships. */
export interface ClientDetails extends ClientRecord {
  readonly consumer_groups: readonly GroupMembership[];
}

export const clientDetails = counted('ClientDetails', shape, {
  count: 'consumer_groups_count',
  name: 'consumer_groups',
  item: struct('GroupMembership', membershipShape, 12),
  doc: 'Consumer groups the client is in.',
});
