import { invalid } from '../../errors.js';
import {
  bool8,
  type Codec,
  field,
  name,
  type StructValue,
  secret,
  struct,
  u32,
  u64,
} from '../../schema/index.js';

const hashSize = 64;

/** The lower-case hex digits of a token's BLAKE3 hash, without a length. */
const tokenHash: Codec<string> = {
  type: 'text(64)',
  size: hashSize,
  minSize: hashSize,
  composite: false,
  shape: { kind: 'text', min: hashSize, max: hashSize },
  read: (reader) => reader.text(hashSize),
  write(writer, value) {
    const size = writer.text(value);
    if (size !== hashSize) throw invalid(`a token hash has ${hashSize} digits, got ${size}`);
  },
};

const createShape = () =>
  ({
    user_id: field(u32, 'Owner.'),
    name: field(name, 'Name of the token.'),
    expiry: field(u64, 'Microseconds from now; 0 and 2^64-1 = never.'),
    token_hash: field(secret(tokenHash), 'BLAKE3 of the token; the token itself is not stored.'),
  }) as const;
export interface ReplicatedCreateAccessToken extends StructValue<typeof createShape> {}

/** create_personal_access_token as it is replicated. */
export const replicatedCreateAccessToken = struct('CreatePersonalAccessToken', createShape);

const deleteShape = () =>
  ({
    user_id: field(u32, 'Owner.'),
    name: field(name, 'Name of the token.'),
    only_if_expired: field(bool8, 'Set by the cleaner: a valid or missing token is no error.'),
  }) as const;
export interface ReplicatedDeleteAccessToken extends StructValue<typeof deleteShape> {}

/** delete_personal_access_token as it is replicated. */
export const replicatedDeleteAccessToken = struct('DeletePersonalAccessToken', deleteShape);
