import { enumU8 } from '../schema/index.js';

/**
 * Why a server ends a session, byte 255 of an Eviction.
 * @source Iggy consensus protocol, eviction reasons
 */
export const EvictionReason = {
  Reserved: 0,
  NoSession: 1,
  ClientReleaseTooLow: 2,
  ClientReleaseTooHigh: 3,
  InvalidRequestOperation: 4,
  InvalidRequestBody: 5,
  InvalidRequestBodySize: 6,
  SessionTooLow: 7,
  SessionReleaseMismatch: 8,
  InvalidCredentials: 9,
  InvalidToken: 10,
  UserInactive: 11,
  SessionError: 12,
  StaleClient: 13,
  IncompatibleProtocol: 14,
  MalformedLogin: 15,
} as const;

export type EvictionReason = (typeof EvictionReason)[keyof typeof EvictionReason];
export type EvictionReasonName = keyof typeof EvictionReason;

export const evictionReasonCodec = enumU8('EvictionReason', EvictionReason, 'WIRE_BIT_PATTERN');

/** What a reason says, and the error code a client reports for it. */
export interface EvictionReasonInfo {
  readonly name: EvictionReasonName;
  readonly meaning: string;
  /** Number in the table of server errors. */
  readonly errorCode: number;
}

const invalidCommand = 3;
const unauthenticated = 40;

const info = (
  name: EvictionReasonName,
  errorCode: number,
  meaning: string,
): readonly [EvictionReason, EvictionReasonInfo] => [
  EvictionReason[name],
  { name, errorCode, meaning },
];

const infos: ReadonlyMap<number, EvictionReasonInfo> = new Map([
  info('Reserved', invalidCommand, 'not a reason; such a frame is refused'),
  info('NoSession', unauthenticated, 'the server knows no session of this client'),
  info('ClientReleaseTooLow', invalidCommand, 'the client release is below the minimum'),
  info('ClientReleaseTooHigh', invalidCommand, 'the client release is above the maximum'),
  info('InvalidRequestOperation', invalidCommand, 'a client may not ask for this operation'),
  info('InvalidRequestBody', invalidCommand, 'the request body cannot be replicated'),
  info('InvalidRequestBodySize', invalidCommand, 'the request body has a wrong size'),
  info('SessionTooLow', unauthenticated, 'a newer login has taken over this client id'),
  info('SessionReleaseMismatch', unauthenticated, 'session and client releases differ'),
  info('InvalidCredentials', 42, 'wrong user name or password'),
  info('InvalidToken', 53, 'the personal access token is wrong or has expired'),
  info('UserInactive', unauthenticated, 'the user account is not active'),
  info('SessionError', unauthenticated, 'the login is refused, e.g. another user owns the id'),
  info('StaleClient', 30, 'no heartbeat arrived in time'),
  info('IncompatibleProtocol', 14003, 'the protocol version is outside the accepted window'),
  info('MalformedLogin', 4, 'the login body cannot be read, or a retired login code was used'),
]);

/** Name, meaning and error code of a reason; nothing for undefined values. */
export function evictionReasonInfo(reason: number): EvictionReasonInfo | undefined {
  return infos.get(reason);
}

/**
 * The error code a client reports. An undefined reason, and a version window that makes no sense,
 * count as unauthenticated (40).
 */
export function evictionErrorCode(
  reason: number,
  window: { readonly min: number; readonly max: number } = { min: 1, max: 1 },
): number {
  const degenerate = window.min === 0 || window.max < window.min;
  if (reason === EvictionReason.IncompatibleProtocol && degenerate) return unauthenticated;
  return infos.get(reason)?.errorCode ?? unauthenticated;
}
