import { enumU8 } from '../schema/index.js';

/**
 * What a request or a prepare asks for. The codes from 64 to 127 are made by servers only.
 * @source Iggy consensus protocol, operation discriminants
 */
export const Operation = {
  Reserved: 0,
  Register: 1,
  NonReplicated: 2,
  Logout: 3,
  CreateTopicWithAssignments: 64,
  CreatePartitionsWithAssignments: 65,
  RemoveConsumerGroupMember: 66,
  CompleteConsumerGroupRevocation: 67,
  TruncatePartition: 68,
  CreateStream: 128,
  UpdateStream: 129,
  DeleteStream: 130,
  PurgeStream: 131,
  CreateTopic: 132,
  UpdateTopic: 133,
  DeleteTopic: 134,
  PurgeTopic: 135,
  CreatePartitions: 136,
  DeletePartitions: 137,
  DeleteSegments: 138,
  CreateConsumerGroup: 139,
  DeleteConsumerGroup: 140,
  CreateUser: 141,
  UpdateUser: 142,
  DeleteUser: 143,
  ChangePassword: 144,
  UpdatePermissions: 145,
  CreatePersonalAccessToken: 146,
  DeletePersonalAccessToken: 147,
  JoinConsumerGroup: 148,
  LeaveConsumerGroup: 149,
  SendMessages: 160,
  StoreConsumerOffset: 161,
  DeleteConsumerOffset: 162,
} as const;

export type Operation = (typeof Operation)[keyof typeof Operation];
export type OperationName = keyof typeof Operation;

/** The operation byte; an undefined value is WIRE_BIT_PATTERN. */
export const operationCodec = enumU8('Operation', Operation, 'WIRE_BIT_PATTERN');

/** `CreateStream` for 128; `unknown(77)` for values without a meaning. */
export function operationName(value: number): string {
  return operationCodec.nameOf(value);
}

export function isOperation(value: number): value is Operation {
  return operationCodec.has(value);
}

/** Made by the server itself, never by a client: a range, whether the value is defined or not. */
export function isInternalOperation(value: number): boolean {
  return value >= 64 && value < 128;
}

/** Replicated through the metadata group. Deleting segments is not, although its code is near. */
export function isMetadataOperation(value: number): boolean {
  return (
    isInternalOperation(value) ||
    (value >= 128 && value <= 149 && value !== Operation.DeleteSegments)
  );
}

/** Replicated through a partition group: a range, whether the value is defined or not. */
export function isPartitionOperation(value: number): boolean {
  return value >= Operation.SendMessages;
}

/** Belongs to the protocol itself: Reserved, Register, NonReplicated, Logout. */
export function isVsrReserved(value: number): boolean {
  return value <= Operation.Logout;
}

/** Its reply body begins with a result section. Sending messages has a body of its own form. */
export function isResultFramed(value: number): boolean {
  return (
    isMetadataOperation(value) ||
    value === Operation.StoreConsumerOffset ||
    value === Operation.DeleteConsumerOffset
  );
}

/** Goes to the metadata primary: metadata operations, Register and Logout. */
export function isMetadataPlane(value: number): boolean {
  return isMetadataOperation(value) || value === Operation.Register || value === Operation.Logout;
}

/** A client may ask for it. Not a header rule: the metadata primary applies it. */
export function isClientAllowed(value: number): boolean {
  return value !== Operation.Reserved && !isInternalOperation(value);
}

/**
 * The operation that the prepare, and hence the committed reply, carries; nothing for operations
 * that are never replicated.
 */
export function replicatedAs(operation: Operation): Operation | undefined {
  switch (operation) {
    case Operation.CreateTopic:
      return Operation.CreateTopicWithAssignments;
    case Operation.CreatePartitions:
      return Operation.CreatePartitionsWithAssignments;
    case Operation.DeleteSegments:
      return Operation.TruncatePartition;
    case Operation.Reserved:
    case Operation.NonReplicated:
      return undefined;
    default:
      return operation;
  }
}
