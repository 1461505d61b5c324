import { type CommandSpec, decode, isWireError } from '../../wire/index.js';

/** A command's request body, or `undefined` when the bytes are not one. */
export function decodeBody<T>(
  command: Pick<CommandSpec<T>, 'request' | 'trailing'>,
  body: Uint8Array,
): T | undefined {
  try {
    return decode(command.request, body, { allowTrailing: command.trailing === 'ignored' });
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}
