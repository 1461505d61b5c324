import { type Codec, type CommandSpec, decode, isWireError } from '../wire/index.js';

/** A command's request body, or `undefined` when the bytes are not one. */
export function decodeRequest<Request>(
  command: Pick<CommandSpec<Request>, 'request' | 'trailing'>,
  body: Uint8Array,
): Request | undefined {
  return decodeBody(command.request, body, command.trailing === 'ignored');
}

/** A decoded body, or `undefined` when the bytes are not one. */
export function decodeBody<T>(
  codec: Codec<T>,
  body: Uint8Array,
  allowTrailing = true,
): T | undefined {
  try {
    return decode(codec, body, { allowTrailing });
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}
