import {
  type Field,
  field,
  lenientReserved,
  type StructShape,
  type StructValue,
  struct,
  u8,
  u32,
  u64,
  u128,
} from '../../schema/index.js';
import { commandCodec } from '../command.js';
import { operationCodec } from '../operation.js';

/** Bytes of every consensus header. */
export const headerSize = 256;

/** The first 128 bytes, the same in every consensus header. */
const prefixShape = () =>
  ({
    checksum: field(
      u128,
      'Seal over bytes 16..256, or the identity of a prepare, or unused and 0: it depends on the command.',
    ),
    checksumBody: field(u128, 'XXH3-64 of the body where the command uses it, else 0.'),
    cluster: field(
      u128,
      'Cluster id: the first half of BLAKE3 of the cluster name. 0 from clients.',
    ),
    size: field(u32, 'Length of the whole frame in bytes, header included.'),
    view: field(u32, "The sender's view; 0 where it does not matter."),
    release: field(u32, 'Reserved for versions of the protocol; always 0 today.'),
    command: field(commandCodec, 'Kind of frame.'),
    replica: field(u8, "The sender's replica number; 0 from clients."),
    reservedFrame: field(lenientReserved(66), 'Zero.'),
  }) as const;

/** A field that names what a request, prepare or acknowledgement is about. */
export const operationField = field(operationCodec, 'The operation.');

/** Seven bytes that keep the next field aligned. */
export const operationPadding = field(lenientReserved(7), 'Zero.');

export const groupField = field(
  u64,
  'Consensus group: 2^63 is the metadata group, otherwise stream, topic and partition packed.',
);

/** Ours; official nodes leave these bytes zero. */
export const groupIncarnationField = field(
  u64,
  "Extension: the partition's creation revision, as group ids are reused; 0 on the metadata group.",
);

/** Ours, of groups that keep their log in memory; official nodes leave these bytes zero. */
export const offsetFloorField = field(
  u64,
  'Extension: the partition log in memory names no offset and begins there; 0 = it names them.',
);

export function zeroField(size: number): Field<Uint8Array | null> {
  return field(lenientReserved(size), 'Zero.');
}

/** The value of a {@link header}. */
export type HeaderValue<S extends () => StructShape> = StructValue<
  ReturnType<typeof prefixShape> & ReturnType<S>
>;

/** A 256-byte header: the common prefix, then the fields of `shape`. */
export function header<const S extends StructShape>(type: string, shape: () => S) {
  return struct(type, () => ({ ...prefixShape(), ...shape() }) as const, headerSize);
}

const genericShape = () =>
  ({
    ...prefixShape(),
    reservedCommand: field(lenientReserved(128), 'What these bytes say depends on the command.'),
  }) as const;

/** The common prefix of any consensus header, with the rest left alone. */
export interface GenericHeader extends StructValue<typeof genericShape> {}
export const genericHeader = struct('Generic', genericShape, headerSize);
