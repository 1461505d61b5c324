import { closeSync, openSync, writeSync } from 'node:fs';
import { toHex } from '../../base/index.js';
import type { FrameEvent } from '../../client/index.js';
import { toNdjsonLine } from '../../render/index.js';
import {
  Command,
  commandCodeInfo,
  commandName,
  headerSize,
  Operation,
  operationName,
  requestView,
} from '../../wire/index.js';
import { ioError } from '../config/private-file.js';
import type { FrameRecorder } from './frame-recorder.js';

/** Operations whose bodies hold passwords or tokens, in the request or in the reply. */
const secretOperations: ReadonlySet<number> = new Set([
  Operation.Register,
  Operation.CreateUser,
  Operation.ChangePassword,
  Operation.CreatePersonalAccessToken,
]);

/** What is told of a frame. */
function factsOf({ direction, node, link, bytes }: FrameEvent) {
  const isVsr = bytes.length >= headerSize;
  const command = isVsr ? (bytes[60] ?? 0) : 0;
  const isRequest = command === Command.Request;
  const operation = isRequest ? requestView.operation(bytes) : undefined;
  const code = isRequest ? requestView.commandCode(bytes) : 0;
  return {
    direction,
    node,
    connection: link,
    command: isVsr ? commandName(command) : 'correlated',
    operation: operation === undefined ? null : operationName(operation),
    request_command: code === 0 ? null : (commandCodeInfo(code)?.dispatchName ?? String(code)),
    request: isRequest ? String(requestView.request(bytes)) : null,
    session: isRequest ? String(requestView.session(bytes)) : null,
    size: bytes.length,
    hasSecret: !isVsr || (operation !== undefined && secretOperations.has(operation)),
  };
}

/** One line for a frame, without its body, for `-vv`. */
export function frameLine(event: FrameEvent): string {
  const facts = factsOf(event);
  const arrow = facts.direction === 'out' ? '->' : '<-';
  const what = facts.request_command ?? facts.operation;
  return [
    arrow,
    facts.node,
    facts.command,
    ...(what === null ? [] : [what]),
    ...(facts.request === null ? [] : [`request ${facts.request}`, `session ${facts.session}`]),
    `${facts.size} B`,
  ].join('  ');
}

/** A recorder for a file: packets if its name ends in `.pcap`, else NDJSON. @throws CliError E_IO */
export async function openRecorder(path: string): Promise<FrameRecorder> {
  const { isPacketName } = await import('../capture/capture-file.js');
  if (!isPacketName(path)) return new FrameTrace(path);
  return new (await import('../capture/packet-trace.js')).PacketTrace(path);
}

/** Writes every frame to a file of mode 0600 as NDJSON; bodies that hold secrets are left out. */
class FrameTrace implements FrameRecorder {
  readonly #path: string;
  readonly #file: number;
  #secretReply = false;

  /** @throws CliError E_IO */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'w', 0o600);
    } catch (error) {
      throw ioError('write', path, error);
    }
  }

  write(event: FrameEvent, time: string): void {
    const { hasSecret, ...facts } = factsOf(event);
    const isRedacted = event.direction === 'out' ? hasSecret : this.#secretReply;
    if (event.direction === 'out') this.#secretReply = hasSecret;
    const line = {
      kind: 'frame',
      v: 1,
      time,
      ...facts,
      header_hex: toHex(event.bytes.subarray(0, headerSize)),
      body_hex: isRedacted ? null : toHex(event.bytes.subarray(headerSize)),
      redacted: isRedacted,
    };
    try {
      writeSync(this.#file, toNdjsonLine(line));
    } catch (error) {
      throw ioError('write', this.#path, error);
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
