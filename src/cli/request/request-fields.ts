import {
  type CommandSpec,
  isMetadataPlane,
  isPartitionOperation,
  Operation,
  operationName,
  requestHeaderRule,
} from '../../wire/index.js';

/** A command of the protocol as it is shown. */
export function requestFields(spec: CommandSpec) {
  const { code, dispatchName, operation, permission } = spec;
  const isReplicated = operation !== Operation.NonReplicated;
  return {
    code,
    name: dispatchName,
    operation: isReplicated ? operationName(operation) : null,
    replicated: isReplicated,
    plane: isPartitionOperation(operation)
      ? 'partition'
      : isMetadataPlane(operation)
        ? 'metadata'
        : 'none',
    session: requestHeaderRule(code).session,
    permission,
  };
}
