import { getU32, isZeroBytes, once } from '../../base/index.js';
import {
  type Codec,
  Command,
  commandName,
  EvictionReason,
  evictionHeader,
  type FrameKind,
  frameKindOf,
  frameSpecs,
  genericHeader,
  isCommand,
  isMetadataPlane,
  isOperation,
  isPartitionOperation,
  operationName,
  prepareHeader,
  prepareOkHeader,
  replicatedAs,
  replyHeader,
  requestHeader,
} from '../../wire/index.js';
import { errorName } from '../error-names.js';
import type { Direction } from '../framing/family.js';
import type { NamedCode, OperationView } from './frame-view.js';

const at = genericHeader.offsetOf;

/** A header structure of 256 bytes. */
export type HeaderStructure = Codec<unknown> & { readonly size: number };

/** The layout of the header of a frame of today's protocol. */
export interface HeaderChoice {
  /** Undefined for a command that has no layout of its own. */
  readonly kind: FrameKind | undefined;
  readonly codec: HeaderStructure;
  readonly layout: string;
}

/** A request between nodes names its cluster; one of a client does not. */
function isRouted(bytes: Uint8Array, direction: Direction | undefined): boolean {
  if (direction === 'replica') return true;
  return direction === undefined && !isZeroBytes(bytes, at.cluster, at.cluster + 16);
}

const generic: HeaderChoice = { kind: undefined, codec: genericHeader, layout: 'Generic' };
const choices: ReadonlyMap<FrameKind, HeaderChoice> = new Map(
  Object.values(frameSpecs).map(({ kind, codec }) => [kind, { kind, codec, layout: kind }]),
);

/** Chooses the layout by the command byte, and for a request by who sent it. */
export function chooseHeader(bytes: Uint8Array, direction: Direction | undefined): HeaderChoice {
  const command = bytes[at.command] ?? 0;
  if (!isCommand(command) || command === Command.Reserved) return generic;
  const kind = frameKindOf(bytes, 'any');
  const routed = kind === 'Request' && isRouted(bytes, direction);
  return choices.get(routed ? 'RoutedRequest' : kind) ?? generic;
}

const commandCodes: NamedCode[] = [];

/** Name and number of the command byte. */
export function commandOf(bytes: Uint8Array): NamedCode {
  const code = bytes[at.command] ?? 0;
  let named = commandCodes[code];
  if (named === undefined) {
    named = { code, name: commandName(code) };
    commandCodes[code] = named;
  }
  return named;
}

const operationAt = once<ReadonlyMap<number, number>>(
  () =>
    new Map([
      [Command.Request, requestHeader.offsetOf.operation],
      [Command.Reply, replyHeader.offsetOf.operation],
      [Command.Prepare, prepareHeader.offsetOf.operation],
      [Command.RepairPrepare, prepareHeader.offsetOf.operation],
      [Command.PrepareOk, prepareOkHeader.offsetOf.operation],
    ]),
);

/** The operation byte of a frame, or undefined for commands without one. */
export function operationByte(bytes: Uint8Array): number | undefined {
  const offset = operationAt().get(bytes[at.command] ?? 0);
  return offset === undefined ? undefined : bytes[offset];
}

const operations = new Map<number, OperationView>();

/** Name and properties of an operation, and the command it comes from. */
export function operationView(code: number, command: NamedCode | undefined): OperationView {
  const key = code * 2 ** 32 + (command === undefined ? 2 ** 32 - 1 : command.code);
  let view = operations.get(key);
  if (view === undefined) {
    view = {
      code,
      name: operationName(code),
      plane: planeOf(code),
      replicated: isOperation(code) && replicatedAs(code) !== undefined,
      command,
    };
    // Unknown command codes are the peer's choice: they must not fill the memory.
    if (operations.size < 4096) operations.set(key, view);
  }
  return view;
}

function planeOf(code: number): OperationView['plane'] {
  if (isMetadataPlane(code)) return 'metadata';
  return isPartitionOperation(code) && isOperation(code) ? 'partition' : 'none';
}

/** The nonzero status of a reply of today's layout. */
export function statusOf(bytes: Uint8Array): NamedCode | undefined {
  if (bytes[at.command] !== Command.Reply) return undefined;
  const code = getU32(bytes, replyHeader.offsetOf.status);
  return code === 0 ? undefined : { code, name: errorName(code) };
}

const reasonNames = once<ReadonlyMap<number, string>>(
  () => new Map(Object.entries(EvictionReason).map(([name, code]) => [code, name])),
);

/** The reason of an eviction. */
export function reasonOf(bytes: Uint8Array): NamedCode | undefined {
  if (bytes[at.command] !== Command.Eviction) return undefined;
  const code = bytes[evictionHeader.offsetOf.reason] ?? 0;
  return { code, name: reasonNames().get(code) ?? `unknown(${code})` };
}

/** Who sends frames of this command. */
export function directionOf(bytes: Uint8Array, kind: FrameKind | undefined): Direction | undefined {
  const command = bytes[at.command] ?? 0;
  if (kind === undefined) return undefined;
  if (command === Command.Request) return kind === 'Request' ? 'client' : 'replica';
  if (command === Command.Reply || command === Command.Eviction) return 'server';
  return 'replica';
}
