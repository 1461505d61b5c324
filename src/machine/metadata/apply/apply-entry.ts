import { emptyBytes } from '../../../base/index.js';
import { Operation, removeConsumerGroupMember } from '../../../wire/index.js';
import { code } from '../../codes.js';
import type { ApplyResult, LogEntry } from '../../log-entry.js';
import { ok, rejected } from '../../replies.js';
import { decodeBody } from '../../requests.js';
import type { MetadataState } from '../state/metadata-state.js';
import {
  applyCompleteRevocation,
  applyCreateGroup,
  applyDeleteGroup,
  applyJoinGroup,
  applyLeaveGroup,
  removeClient,
} from './group-operations.js';
import {
  applyCreatePartitions,
  applyDeletePartitions,
  applyTruncatePartition,
} from './partition-operations.js';
import {
  applyCreateStream,
  applyDeleteStream,
  applyPurgeStream,
  applyUpdateStream,
} from './stream-operations.js';
import { applyCreateToken, applyDeleteToken } from './token-operations.js';
import {
  applyCreateTopic,
  applyDeleteTopic,
  applyPurgeTopic,
  applyUpdateTopic,
} from './topic-operations.js';
import {
  applyChangePassword,
  applyCreateUser,
  applyDeleteUser,
  applyUpdatePermissions,
  applyUpdateUser,
} from './user-operations.js';

type ApplyHandler = (state: MetadataState, entry: LogEntry) => ApplyResult;

// Sessions live in the client table; the machine learns of their end separately.
const sessionHandler: ApplyHandler = () => ({ body: emptyBytes });

const handlers: ReadonlyMap<number, ApplyHandler> = new Map<number, ApplyHandler>([
  [Operation.Register, sessionHandler],
  [Operation.Logout, sessionHandler],
  [Operation.CreateTopicWithAssignments, applyCreateTopic],
  [Operation.CreatePartitionsWithAssignments, applyCreatePartitions],
  [Operation.RemoveConsumerGroupMember, applyRemoveMember],
  [Operation.CompleteConsumerGroupRevocation, applyCompleteRevocation],
  [Operation.TruncatePartition, applyTruncatePartition],
  [Operation.CreateStream, applyCreateStream],
  [Operation.UpdateStream, applyUpdateStream],
  [Operation.DeleteStream, applyDeleteStream],
  [Operation.PurgeStream, applyPurgeStream],
  [Operation.UpdateTopic, applyUpdateTopic],
  [Operation.DeleteTopic, applyDeleteTopic],
  [Operation.PurgeTopic, applyPurgeTopic],
  [Operation.DeletePartitions, applyDeletePartitions],
  [Operation.CreateConsumerGroup, applyCreateGroup],
  [Operation.DeleteConsumerGroup, applyDeleteGroup],
  [Operation.JoinConsumerGroup, applyJoinGroup],
  [Operation.LeaveConsumerGroup, applyLeaveGroup],
  [Operation.CreateUser, applyCreateUser],
  [Operation.UpdateUser, applyUpdateUser],
  [Operation.DeleteUser, applyDeleteUser],
  [Operation.ChangePassword, applyChangePassword],
  [Operation.UpdatePermissions, applyUpdatePermissions],
  [Operation.CreatePersonalAccessToken, applyCreateToken],
  [Operation.DeletePersonalAccessToken, applyDeleteToken],
]);

/**
 * Executes one committed entry. The result depends on the entry and the state alone. An entry that
 * is none of ours, or whose body does not decode, is a rejection like any other: it came through
 * consensus, so all replicas have to agree on it.
 */
export function applyEntry(state: MetadataState, entry: LogEntry): ApplyResult {
  return handlers.get(entry.operation)?.(state, entry) ?? rejected(code.invalidCommand);
}

function applyRemoveMember(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeBody(removeConsumerGroupMember, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  removeClient(state, request.client_id);
  return ok();
}
