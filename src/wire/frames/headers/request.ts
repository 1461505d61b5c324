import { field, u8, u32, u64, u128 } from '../../schema/index.js';
import {
  groupField,
  type HeaderValue,
  header,
  operationField,
  operationPadding,
  zeroField,
} from './prefix.js';

const commonShape = () =>
  ({
    requestChecksum: field(u128, 'XXH3-64 of the body as the client sent it; 0 = not given.'),
    timestamp: field(u64, 'Informational, microseconds since 1970; clients send 0.'),
    request: field(u64, 'Request number within the session; 0 when logging in.'),
    operation: operationField,
    operationPadding,
    session: field(u64, 'Session number from the login reply; 0 when logging in.'),
    userId: field(u32, 'Acting user, set by the server; what a client writes is ignored.'),
    commandCode: field(u32, 'Command code of an operation that is not replicated, else 0.'),
    consistency: field(u8, 'Extension: 1 asks for a linearizable read; 0 from official clients.'),
  }) as const;

const requestShape = () =>
  ({
    client: field(u128, 'Client id, chosen at random by the client; never 0.'),
    ...commonShape(),
    reserved: zeroField(55),
  }) as const;

/** A request on the way from a client to a node. */
export interface RequestHeader extends HeaderValue<typeof requestShape> {}
export const requestHeader = header('Request', requestShape);

const routedRequestShape = () =>
  ({
    client: field(u128, 'Client id, or the id of the waiting connection on partition requests.'),
    ...commonShape(),
    reserved: zeroField(47),
    group: groupField,
  }) as const;

/** A request on the way between the parts of a server, or between two nodes of ours. */
export interface RoutedRequestHeader extends HeaderValue<typeof routedRequestShape> {}
export const routedRequestHeader = header('RoutedRequest', routedRequestShape);
