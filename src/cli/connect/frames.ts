import type { FrameEvent } from '../../client/index.js';
import {
  Command,
  commandCodeInfo,
  commandName,
  frameView,
  headerSize,
  operationName,
  replyView,
  requestView,
} from '../../wire/index.js';

/** One line for a frame, without its body, for `-vv`. */
export function frameLine({ direction, node, bytes }: FrameEvent): string {
  const arrow = direction === 'out' ? '->' : '<-';
  return [arrow, node, ...facts(bytes), `${bytes.length} B`].join('  ');
}

function facts(bytes: Uint8Array): readonly string[] {
  if (!isVsr(bytes)) return ['correlated'];
  const command = frameView.command(bytes);
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

/** The 16-byte framing begins with a length that leaves itself out; this one holds the whole size. */
export function isVsr(bytes: Uint8Array): boolean {
  return bytes.length >= headerSize && frameView.size(bytes) === bytes.length;
}
