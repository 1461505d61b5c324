import {
  bool8,
  type Codec,
  field,
  lengthPrefixed,
  name,
  type StructValue,
  struct,
  u32,
  u64,
} from '../../schema/index.js';
import { type Permissions, permissions, prefixedOptions, userStatus } from '../primitives/index.js';

const recordShape = () =>
  ({
    id: field(u32, 'User id; 0 is root.'),
    created_at: field(u64, 'Creation time, microseconds since 1970; 1 for root.'),
    status: field(userStatus, '1 active, 2 inactive.'),
    username: field(name, 'User name.'),
    options: field(prefixedOptions, 'Options that were set explicitly.'),
  }) as const;

/** A user without permissions. */
export interface UserRecord extends StructValue<typeof recordShape> {}
export const userRecord = struct('UserRecord', recordShape);

const present = lengthPrefixed(u32, permissions);

/** A nonzero byte, a length and permissions; or four zero bytes. */
const trailingPermissions: Codec<Permissions | null> = {
  type: 'Permissions?',
  size: undefined,
  minSize: 4,
  composite: true,
  shape: { kind: 'optional', inner: present },
  read(reader) {
    if (reader.field('present', bool8, 'Nonzero = permissions follow.')) {
      return reader.field('value', present, 'Length, then the permissions.');
    }
    reader.field('none', threeBytes, 'The rest of the four zero bytes that say "none".');
    return null;
  },
  write(writer, value) {
    if (value === null) return writer.zeros(4);
    writer.u8(1);
    present.write(writer, value);
  },
};

/** Skipped by readers, whatever it holds. */
const threeBytes: Codec<undefined> = {
  type: 'ignored(3)',
  size: 3,
  minSize: 3,
  composite: false,
  omitted: true,
  shape: { kind: 'reserved', size: 3, lenient: true },
  read(reader) {
    reader.take(3);
    return undefined;
  },
  write: (writer) => writer.zeros(3),
};

const detailsShape = () =>
  ({
    ...recordShape(),
    permissions: field(trailingPermissions, 'What the user may do; none = nothing.'),
  }) as const;

/** A user and what it may do. */
export interface UserDetails extends StructValue<typeof detailsShape> {}
export const userDetails = struct('UserDetails', detailsShape);
