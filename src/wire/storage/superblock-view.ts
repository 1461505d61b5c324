import {
  array,
  bytes,
  type Codec,
  constant,
  constrained,
  field,
  lengthPrefixed,
  type StructValue,
  struct,
  u8,
  u16,
  u32,
  u64,
  u128,
} from '../schema/index.js';
import { superblockMagic } from './superblock.js';

// For showing superblocks, damaged ones included. Nodes read and write them with superblock.ts.

const oldestShape = {
  cluster: field(u128, 'Cluster id.'),
  replica_id: field(u8, 'Number of this replica.'),
  replica_count: field(u8, 'Replicas of the cluster.'),
  view: field(u32, 'View.'),
  log_view: field(u32, 'View the log was last adopted or merged in; at most the view.'),
  commit_max: field(u64, 'Highest commit point known.'),
  checkpoint_op: field(u64, 'Op of the snapshot.'),
  checkpoint_checksum: field(u128, 'XXH3-64 of the snapshot payload.'),
} as const;

const officialShape = {
  ...oldestShape,
  offset_frontier: field(u64, 'Next offset a partition would give; 0 on metadata.'),
} as const;

const ownShape = {
  ...officialShape,
  lost_up_to: field(u64, 'Highest op whose bytes may be lost here; 0 in normal life.'),
  view_headers: field(
    array(u8, bytes(256), { max: 128 }),
    'Prepare headers of the log of `log_view`, highest op first.',
  ),
} as const;

const oldest = struct('OldSuperblock', oldestShape, 58);
const official = struct('OfficialSuperblock', officialShape, 66);
const own = struct('Superblock', ownShape);

/** The payload of a superblock; what a record does not have is absent. */
export interface SuperblockView extends StructValue<typeof oldestShape> {
  readonly offset_frontier?: bigint;
  readonly lost_up_to?: bigint;
  readonly view_headers?: readonly Uint8Array[];
}

/** The kinds of records are told apart by their length. */
const payload: Codec<SuperblockView> = {
  type: 'SuperblockPayload',
  size: undefined,
  minSize: 58,
  composite: true,
  shape: { kind: 'custom', note: '58, 66 or 75 + 256 × c bytes' },
  read(reader) {
    if (reader.remaining === oldest.size) return oldest.read(reader);
    return reader.remaining === official.size ? official.read(reader) : own.read(reader);
  },
  write(writer, value) {
    const { offset_frontier, lost_up_to, view_headers } = value;
    if (offset_frontier === undefined) oldest.write(writer, value);
    else if (lost_up_to === undefined || view_headers === undefined) {
      official.write(writer, { ...value, offset_frontier });
    } else own.write(writer, { ...value, offset_frontier, lost_up_to, view_headers });
  },
};

const checked = constrained(payload, ({ view, log_view }) =>
  log_view > view ? 'the log view is above the view' : undefined,
);

const fileShape = {
  magic: field(constant(u32, superblockMagic), 'Marks a superblock: `KLBS`.'),
  version: field(constant(u16, 1), 'Version of the format.'),
  reserved: field(u16, 'Zero.'),
  sequence: field(u64, 'The slot with the higher number counts.'),
  parent_checksum: field(u64, 'Always 0.'),
  payload: field(lengthPrefixed(u32, checked, { max: 36_864 }), 'Length, then the record.'),
  checksum: field(u64, 'XXH3-64 of everything before it.'),
} as const;

/** A superblock file, field by field. */
export interface SuperblockFileView extends StructValue<typeof fileShape> {}

/** A `superblock.a` or `.b` file. Its checksum and those of its headers are not looked at. */
export const superblockFile = struct('SuperblockFile', fileShape);
