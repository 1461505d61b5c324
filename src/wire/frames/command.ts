import { enumU8 } from '../schema/index.js';

/**
 * The kinds of consensus frames, byte 60 of every header.
 * @source Iggy consensus protocol, command discriminants
 */
export const Command = {
  Reserved: 0,
  Ping: 1,
  Pong: 2,
  PingClient: 3,
  PongClient: 4,
  Request: 5,
  Prepare: 6,
  PrepareOk: 7,
  Reply: 8,
  Commit: 9,
  StartViewChange: 10,
  DoViewChange: 11,
  StartView: 12,
  Eviction: 13,
  ReplicaHello: 14,
  ReplicaChallenge: 15,
  ReplicaFinish: 16,
  RequestStartView: 17,
  RequestPrepares: 18,
  RepairPrepare: 19,
  RepairDone: 20,
  RangeEvicted: 21,
  RequestStateTransfer: 22,
  StateTransferTarget: 23,
  RequestStateChunk: 24,
  StateChunk: 25,
  ForwardRegister: 26,
  ForwardRegisterResult: 27,
  ForwardLogout: 28,
  ForwardLogoutResult: 29,
} as const;

export type Command = (typeof Command)[keyof typeof Command];
export type CommandName = keyof typeof Command;

/** The command byte; an undefined value is WIRE_BIT_PATTERN. */
export const commandCodec = enumU8('Command', Command, 'WIRE_BIT_PATTERN');

/** `Prepare` for 6; `unknown(37)` for values without a meaning. */
export function commandName(value: number): string {
  return commandCodec.nameOf(value);
}

/** True for 0..29. */
export function isCommand(value: number): value is Command {
  return commandCodec.has(value);
}
