import { commandByCode, isPartitionOperation, Operation } from '../wire/index.js';

/**
 * How a request is numbered and what may be done with it when its answer is lost.
 * `mutation`: replicated by the metadata group, numbered, de-duplicated. `partition`: replicated by
 * a partition's group, not de-duplicated. `read`: not replicated.
 */
export type RequestKind = 'register' | 'logout' | 'mutation' | 'partition' | 'read';

/** Command codes the session itself uses. */
export const CommandCode = {
  ping: 1,
  getClusterMetadata: 12,
  loginUser: 38,
  logoutUser: 39,
  loginRegister: 40,
  loginWithToken: 44,
  loginRegisterWithToken: 45,
} as const;

/** Codes that only the session sends, in its own way. */
const reserved: ReadonlySet<number> = new Set([
  CommandCode.loginUser,
  CommandCode.logoutUser,
  CommandCode.loginRegister,
  CommandCode.loginWithToken,
  CommandCode.loginRegisterWithToken,
]);

/** True for logins and logouts, which cannot be sent as plain requests. */
export function isReservedCode(code: number): boolean {
  return reserved.has(code);
}

/** The operation byte of a command; unknown codes are left to the server as NonReplicated. */
export function operationOf(code: number): number {
  switch (code) {
    case CommandCode.loginRegister:
    case CommandCode.loginRegisterWithToken:
      return Operation.Register;
    case CommandCode.logoutUser:
      return Operation.Logout;
    default:
      return commandByCode(code)?.operation ?? Operation.NonReplicated;
  }
}

/** @source Iggy binary protocol, rules for turning a code into a request header */
export function kindOf(operation: number): RequestKind {
  switch (operation) {
    case Operation.Register:
      return 'register';
    case Operation.Logout:
      return 'logout';
    case Operation.NonReplicated:
      return 'read';
    default:
      return isPartitionOperation(operation) ? 'partition' : 'mutation';
  }
}

/** True when success says nothing but that it happened, so a lost reply loses nothing. */
export function hasEmptyResponse(code: number): boolean {
  return commandByCode(code)?.response.size === 0;
}
