import { field, type StructValue } from '../schema/index.js';
import {
  packedArray,
  packedBytes,
  packedOption,
  packedTuple,
  packedU32,
  packedU64,
  packedU128,
} from './msgpack/index.js';

const entryShape = {
  client_id: field(packedU128, 'Session client.'),
  epoch: field(packedU64, 'Session number: commit op of the last login.'),
  user_id: field(packedU32, 'User.'),
  watermark: field(packedU64, 'Highest request number that was executed.'),
  watermark_checksum: field(packedU128, 'Stamp of that request.'),
  reply: field(packedBytes, 'Newest reply, a whole frame.'),
} as const;

/** A session in the part of a snapshot that official servers read. */
export interface SnapshotClient extends StructValue<typeof entryShape> {}

const clientTableShape = {
  entries: field(
    packedArray(
      packedTuple('SlotItem', {
        slot: field(packedU32, 'Place in the table.'),
        entry: field(packedTuple('ClientEntry', entryShape), 'Session.'),
      }),
    ),
    'Sessions in slot order.',
  ),
} as const;

/** The session table of a snapshot. */
export interface SnapshotClientTable extends StructValue<typeof clientTableShape> {}
export const snapshotClientTable = packedTuple('ClientTable', clientTableShape);

const ringShape = {
  slot: field(packedU32, 'Place in the table.'),
  origin: field(packedU64, 'Commit op of the first login of this entry.'),
  replies: field(packedArray(packedBytes), 'All kept replies, oldest first.'),
} as const;

/** What our snapshots add to one session. */
export interface SnapshotRing extends StructValue<typeof ringShape> {}
export const snapshotRings = packedArray(packedTuple('SessionRing', ringShape));

const retiredShape = {
  client_id: field(packedU128, 'Session client.'),
  user_id: field(packedU32, 'User.'),
  watermark: field(packedU64, 'Highest request number that was executed.'),
  watermark_checksum: field(packedU128, 'Stamp of that request.'),
  origin: field(packedU64, 'Commit op of the first login of the entry.'),
  latest_commit: field(packedU64, 'Commit op of its newest reply.'),
  reply: field(packedOption(packedBytes), 'Newest reply, if it was small enough to keep.'),
} as const;

/** A session that was pushed out of the table by others. */
export interface SnapshotRetired extends StructValue<typeof retiredShape> {}
export const snapshotRetired = packedArray(packedTuple('RetiredSession', retiredShape));
