import { WireError } from '../errors.js';
import { type CommandCodeInfo, commandCodes } from './command-codes.data.js';
import { isMetadataPlane, isPartitionOperation, Operation } from './operation.js';

export { type CommandCodeInfo, commandCodes };

const byCode = new Map(commandCodes.map((each) => [each.code, each] as const));
const byOperation = new Map(
  commandCodes
    .filter(({ operation }) => operation >= Operation.CreateStream)
    .map((each) => [each.operation, each] as const),
);

/** What a command code means; nothing for unknown codes. */
export function commandCodeInfo(code: number): CommandCodeInfo | undefined {
  return byCode.get(code);
}

/** The dispatch name of a code. @throws WIRE_UNKNOWN_COMMAND */
export function commandCodeName(code: number): string {
  const found = byCode.get(code);
  if (found !== undefined) return found.dispatchName;
  throw new WireError('WIRE_UNKNOWN_COMMAND', `no command has the code ${code}`, { code });
}

/** The operation that a request header carries for a code; NonReplicated for unknown codes. */
export function operationForCode(code: number): Operation {
  return byCode.get(code)?.operation ?? Operation.NonReplicated;
}

/** The command code whose request carries `operation`, where there is exactly one. */
export function codeForOperation(operation: Operation): number | undefined {
  if (operation === Operation.Logout) return logoutCode;
  return byOperation.get(operation)?.code;
}

const logoutCode = 39;

/** How a client fills in the request header for a command code. */
export interface RequestHeaderRule {
  readonly operation: Operation;
  /** Which number goes into `request`: 0, the next one, or the current one without using it up. */
  readonly request: 'zero' | 'next' | 'current';
  /** What goes into `session`; `bound` needs a login, `bound-or-zero` does not. */
  readonly session: 'zero' | 'bound' | 'bound-or-zero';
  /** The header carries XXH3-64 of the body. */
  readonly stamped: boolean;
  /** The code is written to bytes 196..200, as the operation does not tell. */
  readonly carriesCode: boolean;
}

/**
 * The rule for a command code, known or not.
 * @source Iggy consensus protocol, request headers of the reference client
 */
export function requestHeaderRule(code: number): RequestHeaderRule {
  const operation = operationForCode(code);
  if (operation === Operation.Register) {
    return { operation, request: 'zero', session: 'zero', stamped: true, carriesCode: false };
  }
  if (isMetadataPlane(operation) || operation === Operation.DeleteSegments) {
    return { operation, request: 'next', session: 'bound', stamped: true, carriesCode: false };
  }
  if (isPartitionOperation(operation)) {
    return { operation, request: 'current', session: 'bound', stamped: false, carriesCode: false };
  }
  return {
    ...{ operation, request: 'current', session: 'bound-or-zero' },
    ...{ stamped: false, carriesCode: true },
  };
}
