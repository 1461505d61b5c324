import { field, lenientReserved, u32, u64, u128 } from '../../schema/index.js';
import { evictionReasonCodec } from '../eviction-reason.js';
import { type HeaderValue, header, operationField, operationPadding, zeroField } from './prefix.js';

const replyShape = () =>
  ({
    requestChecksum: field(u128, 'The checksum of the request body, as the request gave it.'),
    context: field(
      u128,
      'Extension, on logins: watermark + 1 in the low half, origin in the high half. Official: 0.',
    ),
    client: field(u128, 'Client id, or the id of the connection.'),
    op: field(u64, 'Op of the committed request; other replies give a position of their own.'),
    commit: field(u64, 'Equal to op on a committed reply, else a commit position.'),
    timestamp: field(u64, 'Time of the prepare, microseconds since 1970, or that of the request.'),
    request: field(u64, 'The number of the answered request.'),
    operation: operationField,
    operationPadding,
    status: field(
      u32,
      '0 = ok; else the error code of a refusal before replication, without body.',
    ),
    reserved: zeroField(36),
  }) as const;

/** The answer to a request. */
export interface ReplyHeader extends HeaderValue<typeof replyShape> {}
export const replyHeader = header('Reply', replyShape);

const evictionShape = () =>
  ({
    client: field(u128, 'The id the frame is addressed to; not always one the client has seen.'),
    serverProtocolVersion: field(u32, 'Newest accepted protocol version, packed; reason 14 only.'),
    serverProtocolVersionMin: field(
      u32,
      'Oldest accepted protocol version, packed; reason 14 only.',
    ),
    reserved: field(lenientReserved(103), 'Zero.'),
    reason: field(evictionReasonCodec, 'Why the session ends.'),
  }) as const;

/** The end of a session, in place of an answer. */
export interface EvictionHeader extends HeaderValue<typeof evictionShape> {}
export const evictionHeader = header('Eviction', evictionShape);
