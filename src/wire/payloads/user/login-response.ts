import { field, name, type StructValue, struct, u32, u64 } from '../../schema/index.js';
import { packedVersion } from '../primitives/index.js';

const shape = () =>
  ({
    user_id: field(u32, 'User that logged in; 0 is root.'),
    session: field(u64, 'Session number for the headers of later requests.'),
    server_protocol_version: field(packedVersion, 'Protocol version the server speaks.'),
    server_version: field(name, 'Version of the server program.'),
  }) as const;

/** What a successful login gives; empty only on register replies without a payload. */
export interface LoginResponse extends StructValue<typeof shape> {}
/** @source Iggy binary protocol, login response */
export const loginResponse = struct('LoginResponse', shape);
