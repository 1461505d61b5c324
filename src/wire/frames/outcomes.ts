import { enumU8 } from '../schema/index.js';

/** How a forwarded login ended. The numbers differ from those of a forwarded logout. */
export const ForwardRegisterOutcome = {
  Ok: 0,
  NotPrimary: 1,
  NotCaughtUp: 2,
  PipelineFull: 3,
  InProgress: 4,
  Canceled: 5,
  ClientIdOwnedByAnotherUser: 6,
} as const;

export type ForwardRegisterOutcome =
  (typeof ForwardRegisterOutcome)[keyof typeof ForwardRegisterOutcome];

export const forwardRegisterOutcomeCodec = enumU8(
  'ForwardRegisterOutcome',
  ForwardRegisterOutcome,
  'WIRE_BIT_PATTERN',
);

/** How a forwarded logout ended. */
export const ForwardLogoutOutcome = {
  Ok: 0,
  NotPrimary: 1,
  PipelineFull: 2,
  InProgress: 3,
  Canceled: 4,
} as const;

export type ForwardLogoutOutcome = (typeof ForwardLogoutOutcome)[keyof typeof ForwardLogoutOutcome];

export const forwardLogoutOutcomeCodec = enumU8(
  'ForwardLogoutOutcome',
  ForwardLogoutOutcome,
  'WIRE_BIT_PATTERN',
);

/** Why an acceptor turned a replica link down. */
export const HandshakeStatus = {
  Ok: 0,
  UnknownCommand: 1,
  ClusterMismatch: 2,
  DirectionalRule: 3,
  AuthRequired: 4,
  MacMismatch: 5,
} as const;

export type HandshakeStatus = (typeof HandshakeStatus)[keyof typeof HandshakeStatus];

/** The status of a challenge as the dialer reads it: values without a meaning count as 1. */
export function handshakeStatusOf(byte: number): HandshakeStatus {
  const known = Object.values(HandshakeStatus).find((value) => value === byte);
  return known ?? HandshakeStatus.UnknownCommand;
}
