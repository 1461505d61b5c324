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
import { InvalidArgumentError } from './errors.js';

/** The same table with the types of one command kept together. */
const specs: { readonly [K in CommandKey]: CommandSpec<RequestOf<K>, ResponseOf<K>> } = commands;

/** The body of a command. @throws INVALID_ARGUMENT for values the protocol cannot say */
export function encodeRequest<K extends CommandKey>(name: K, request: RequestOf<K>): Uint8Array {
  return checked(name, () => encode(specs[name].request, request));
}

/** The value of a reply. @throws WireError */
export function decodeResponse<K extends CommandKey>(name: K, payload: Uint8Array): ResponseOf<K> {
  return decode(specs[name].response, payload, { allowTrailing: true });
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
