import { WireError } from '../errors.js';
import { type Command, commandName } from './command.js';

/** Any header rule without a kind of its own. */
export function invalidField(reason: string): WireError {
  return new WireError('WIRE_FIELD', reason, { kind: 'InvalidField' });
}

/** The command is not one this header accepts, or the frame does not hold a whole header. */
export function invalidCommand(
  reason: string,
  expected: Command | undefined,
  found: number,
  kind = 'InvalidCommand',
): WireError {
  return new WireError('WIRE_COMMAND', reason, { kind, expected, found });
}

export function wrongCommand(expected: Command, found: number, kind?: string): WireError {
  const reason = `command must be ${commandName(expected)}, found ${commandName(found)}`;
  return invalidCommand(reason, expected, found, kind);
}

/** A frame without body whose size says otherwise. */
export function invalidSize(expected: number, found: number, kind = 'InvalidSize'): WireError {
  const reason = `size must be ${expected}, found ${found}`;
  return new WireError('WIRE_SIZE', reason, { kind, expected, found });
}

/** A reply or an eviction where only replicas speak. */
export function clientBound(command: number): WireError {
  const reason = `${commandName(command)} goes to clients and has no place on a replica link`;
  return new WireError('WIRE_CLIENT_BOUND', reason, { kind: 'ClientBoundCommand', command });
}
