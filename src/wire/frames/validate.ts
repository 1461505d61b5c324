import { getU32 } from '../../base/index.js';
import type { WireError } from '../errors.js';
import { type EnumTable, unknownDiscriminant } from '../schema/index.js';
import { Command, isCommand } from './command.js';
import { clientBound, invalidCommand, wrongCommand } from './header-errors.js';
import { genericHeader, headerSize } from './headers/index.js';
import { type FrameKind, frameSpecs } from './kinds.js';
import { commandErrorKind, firstCommandOf, headerRules, type ValidationOptions } from './rules.js';
import { sealError, verifySeal } from './seal.js';

/** Where a frame was received, which decides the commands that may arrive. */
export type Plane =
  /** From a client, at a server. */
  | 'client'
  /** From a server, at a client. */
  | 'server'
  /** From a replica, after the handshake. */
  | 'replica'
  /** From a replica, during the handshake. */
  | 'handshake'
  /** Anywhere: for decoders. */
  | 'any';

interface EnumByte {
  readonly type: string;
  readonly offset: number;
  readonly values: ReadonlySet<number>;
}

const at = genericHeader.offsetOf;

/** Of each kind that was checked so far. */
const enumBytes: Partial<Record<FrameKind, readonly EnumByte[]>> = {};

function enumBytesOf(kind: FrameKind): readonly EnumByte[] {
  const known = enumBytes[kind] ?? findEnumBytes(frameSpecs[kind].codec);
  enumBytes[kind] = known;
  return known;
}

function findEnumBytes({ shape, offsetOf }: (typeof frameSpecs)[FrameKind]['codec']): EnumByte[] {
  if (shape.kind !== 'struct') return [];
  return shape.fields.flatMap(({ name, codec }) => {
    if (codec.shape.kind !== 'enum') return [];
    const table: EnumTable = Object.fromEntries(codec.shape.entries);
    const type = codec.type.replace(/:.*/, '');
    return [{ type, offset: offsetOf[name] ?? 0, values: new Set(Object.values(table)) }];
  });
}

/**
 * The layout that a frame has on a plane, judged by its command byte alone.
 * @throws WIRE_COMMAND, WIRE_BIT_PATTERN, WIRE_CLIENT_BOUND
 */
export function frameKindOf(
  bytes: Uint8Array,
  plane: Plane,
  options: ValidationOptions = {},
): FrameKind {
  checkGeneric(bytes);
  const command = bytes[at.command] ?? 0;
  const { official = false } = options;
  if (plane === 'client') {
    if (command === Command.Request) return 'Request';
    throw wrongCommand(Command.Request, command);
  }
  if (plane === 'any' && command === Command.Request) return 'Request';
  if (plane === 'replica' && official && command === Command.Pong) throw undispatchable(command);
  if (command === Command.Pong && plane === 'any' && !verifySeal(bytes)) return 'PingPong';
  const kind = kindByCommand[command];
  if (kind === undefined) throw undispatchable(command);
  if (plane === 'replica' && (kind === 'Eviction' || (kind === 'Reply' && official))) {
    throw clientBound(command);
  }
  if (!planes[kind].includes(plane)) throw undispatchable(command);
  return kind;
}

const kindByCommand: readonly (FrameKind | undefined)[] = (() => {
  const kinds: (FrameKind | undefined)[] = [];
  for (const { kind, commands } of Object.values(frameSpecs)) {
    for (const command of commands) kinds[command] = kind;
  }
  kinds[Command.Request] = 'RoutedRequest';
  kinds[Command.Pong] = 'HeartbeatAnswer';
  return kinds;
})();

const planes: Readonly<Record<FrameKind, readonly Plane[]>> = (() => {
  const table = Object.fromEntries(
    Object.keys(frameSpecs).map((kind) => [kind, ['replica', 'any']]),
  ) as Record<FrameKind, Plane[]>;
  for (const kind of ['ReplicaHello', 'ReplicaChallenge', 'ReplicaFinish'] as const) {
    table[kind] = ['handshake', 'any'];
  }
  table.Reply = ['server', 'replica', 'any'];
  table.Eviction = ['server', 'any'];
  table.Request = ['client', 'any'];
  table.PingPong = ['any'];
  return table;
})();

function undispatchable(command: number): WireError {
  return invalidCommand('no frame of this command is expected here', undefined, command);
}

/**
 * The checks every consensus frame passes first: a whole header and a defined command.
 * @throws WIRE_COMMAND, WIRE_BIT_PATTERN
 */
export function checkGeneric(bytes: Uint8Array): void {
  if (bytes.length < headerSize) {
    const reason = `a header has ${headerSize} bytes, only ${bytes.length} are there`;
    throw invalidCommand(reason, undefined, Command.Reserved);
  }
  const command = bytes[at.command] ?? 0;
  if (!isCommand(command)) throw undefinedValue('Command', command, at.command);
}

/**
 * Judges a frame without decoding it: command, enum bytes, seal, the rules of its header in their
 * order, and that the declared size is there. The cheap way for hot paths.
 * @throws WireError with a header code; `details.kind` names the kind of failure
 */
export function checkFrame(
  bytes: Uint8Array,
  kind: FrameKind,
  options: ValidationOptions = {},
): void {
  checkGeneric(bytes);
  const { commands, sealed } = frameSpecs[kind];
  const command = bytes[at.command] ?? 0;
  if (!commands.some((each) => each === command)) {
    throw wrongCommand(firstCommandOf(commands), command, commandErrorKind(kind));
  }
  for (const { type, offset, values } of enumBytesOf(kind)) {
    const value = bytes[offset] ?? 0;
    if (!values.has(value)) throw undefinedValue(type, value, offset);
  }
  if (sealed && !verifySeal(bytes)) throw sealError(bytes);
  const broken = headerRules[kind](bytes, options);
  if (broken !== undefined) throw broken;
  checkSize(bytes);
}

/** The last check of all: a size that the bytes really have. */
function checkSize(bytes: Uint8Array): void {
  const size = getU32(bytes, at.size);
  if (size < headerSize || size > bytes.length) {
    const reason = `size ${size} is not within ${headerSize}..${bytes.length}, the bytes at hand`;
    throw invalidCommand(reason, undefined, Command.Reserved);
  }
}

function undefinedValue(type: string, value: number, offset: number): WireError {
  return unknownDiscriminant(type, value, offset, 'WIRE_BIT_PATTERN');
}
