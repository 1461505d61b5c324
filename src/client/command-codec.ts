import {
  type CommandKey,
  type CommandSpec,
  commands,
  decode,
  encode,
  isWireError,
  type RequestOf,
  type ResponseOf,
} from '../wire/index.js';
import { InvalidArgumentError, ProtocolError } from './errors.js';

/** The same table with the types of one command kept together. */
const specs: { readonly [K in CommandKey]: CommandSpec<RequestOf<K>, ResponseOf<K>> } = commands;

/** The body of a command. @throws INVALID_ARGUMENT for values the protocol cannot say */
export function encodeRequest<K extends CommandKey>(name: K, request: RequestOf<K>): Uint8Array {
  return checked(name, () => encode(specs[name].request, request));
}

/** The value of a reply. @throws PROTOCOL_VIOLATION when its bytes are not one */
export function decodeResponse<K extends CommandKey>(name: K, payload: Uint8Array): ResponseOf<K> {
  return readable(name, () => decode(specs[name].response, payload, { allowTrailing: true }));
}

/** Says of bytes that cannot be read which reply they were. @throws PROTOCOL_VIOLATION */
export function readable<T>(command: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isWireError(cause)) throw cause;
    const message = `the reply to ${command} cannot be read: ${cause.message}`;
    const details = { command, path: cause.path };
    throw new ProtocolError('PROTOCOL_VIOLATION', message, details, { protocolCode: 3, cause });
  }
}

/** Says of a value without an encoding which command it was for. @throws INVALID_ARGUMENT */
export function checked<T>(command: string, encodeIt: () => T): T {
  try {
    return encodeIt();
  } catch (cause) {
    if (!isWireError(cause)) throw cause;
    const message = `${command}: ${cause.message}`;
    const details = { command, path: cause.path };
    throw new InvalidArgumentError('INVALID_ARGUMENT', message, details, { cause });
  }
}
