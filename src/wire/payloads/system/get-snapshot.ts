import { array, field, rest, type StructValue, struct, u8 } from '../../schema/index.js';
import { command } from '../command.js';
import { snapshotCompression, snapshotType } from '../primitives/index.js';

const shape = () =>
  ({
    compression: field(snapshotCompression, 'How the archive is compressed.'),
    snapshot_types: field(array(u8, snapshotType), 'Sections wanted; `all` only alone.'),
  }) as const;
export interface GetSnapshotRequest extends StructValue<typeof shape> {}

const responseShape = () => ({ data: field(rest(), 'A ZIP archive.') }) as const;
export interface GetSnapshotResponse extends StructValue<typeof responseShape> {}

/** Collects facts for support into an archive. */
export const getSnapshot = command({
  code: 11,
  name: 'get_snapshot',
  dispatchName: 'snapshot',
  permission: 'global: manage_servers or read_servers',
  request: struct('GetSnapshot', shape),
  response: struct('SnapshotArchive', responseShape),
});
