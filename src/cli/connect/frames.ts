import { getU32 } from '../../base/index.js';
import type { FrameEvent } from '../../client/index.js';
import {
  Command,
  commandCodeInfo,
  commandName,
  headerSize,
  operationName,
  replyView,
  requestView,
} from '../../wire/index.js';

const sizeAt = 48;
const commandAt = 60;

/** One line for a frame, without its body, for `-vv`. */
export function frameLine({ direction, node, bytes }: FrameEvent): string {
  const arrow = direction === 'out' ? '->' : '<-';
  return [arrow, node, ...facts(bytes), `${bytes.length} B`].join('  ');
}

function facts(bytes: Uint8Array): readonly string[] {
  // The other framing begins with a length that does not count all of the frame.
  const isVsr = bytes.length >= headerSize && getU32(bytes, sizeAt) === bytes.length;
  if (!isVsr) return ['correlated'];
  const command = bytes[commandAt] ?? 0;
  const name = commandName(command);
  if (command === Command.Reply) return [name, `request ${replyView.request(bytes)}`];
  if (command !== Command.Request) return [name];
  const code = requestView.commandCode(bytes);
  const what =
    code === 0
      ? operationName(requestView.operation(bytes))
      : (commandCodeInfo(code)?.dispatchName ?? String(code));
  const numbers = [`request ${requestView.request(bytes)}`];
  return [name, what, ...numbers, `session ${requestView.session(bytes)}`];
}
