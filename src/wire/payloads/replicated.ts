import { Operation } from '../frames/index.js';
import type { Codec } from '../schema/index.js';
import { completeConsumerGroupRevocation } from './internal/complete-consumer-group-revocation.js';
import { createPartitionsWithAssignments } from './internal/create-partitions-with-assignments.js';
import { createTopicWithAssignments } from './internal/create-topic-with-assignments.js';
import { removeConsumerGroupMember } from './internal/remove-consumer-group-member.js';
import {
  replicatedCreateAccessToken,
  replicatedDeleteAccessToken,
} from './internal/replicated-access-tokens.js';
import {
  replicatedJoinConsumerGroup,
  replicatedLeaveConsumerGroup,
} from './internal/replicated-memberships.js';
import { truncatePartition } from './internal/truncate-partition.js';
import { batch } from './message/batch-codec.js';
import { commandByCode, commandList, commands } from './registry.js';

/**
 * Bodies of prepares by operation; nothing where the operation is never in a log. Logins and
 * logouts have no content that the state machine reads: their bodies are whatever the client or
 * the server put there.
 * @source Iggy consensus protocol, replicated bodies
 */
const replicatedBodies: { readonly [K in Operation]: Codec<unknown> | undefined } = {
  [Operation.Reserved]: undefined,
  [Operation.Register]: undefined,
  [Operation.NonReplicated]: undefined,
  [Operation.Logout]: undefined,
  [Operation.CreateTopicWithAssignments]: createTopicWithAssignments,
  [Operation.CreatePartitionsWithAssignments]: createPartitionsWithAssignments,
  [Operation.RemoveConsumerGroupMember]: removeConsumerGroupMember,
  [Operation.CompleteConsumerGroupRevocation]: completeConsumerGroupRevocation,
  [Operation.TruncatePartition]: truncatePartition,
  [Operation.CreateStream]: commands.create_stream.request,
  [Operation.UpdateStream]: commands.update_stream.request,
  [Operation.DeleteStream]: commands.delete_stream.request,
  [Operation.PurgeStream]: commands.purge_stream.request,
  [Operation.CreateTopic]: undefined,
  [Operation.UpdateTopic]: commands.update_topic.request,
  [Operation.DeleteTopic]: commands.delete_topic.request,
  [Operation.PurgeTopic]: commands.purge_topic.request,
  [Operation.CreatePartitions]: undefined,
  [Operation.DeletePartitions]: commands.delete_partitions.request,
  [Operation.DeleteSegments]: undefined,
  [Operation.CreateConsumerGroup]: commands.create_consumer_group.request,
  [Operation.DeleteConsumerGroup]: commands.delete_consumer_group.request,
  [Operation.CreateUser]: commands.create_user.request,
  [Operation.UpdateUser]: commands.update_user.request,
  [Operation.DeleteUser]: commands.delete_user.request,
  [Operation.ChangePassword]: commands.change_password.request,
  [Operation.UpdatePermissions]: commands.update_permissions.request,
  [Operation.CreatePersonalAccessToken]: replicatedCreateAccessToken,
  [Operation.DeletePersonalAccessToken]: replicatedDeleteAccessToken,
  [Operation.JoinConsumerGroup]: replicatedJoinConsumerGroup,
  [Operation.LeaveConsumerGroup]: replicatedLeaveConsumerGroup,
  [Operation.SendMessages]: batch,
  [Operation.StoreConsumerOffset]: commands.store_consumer_offset.request,
  [Operation.DeleteConsumerOffset]: commands.delete_consumer_offset.request,
};

const byOperation: ReadonlyMap<number, Codec<unknown> | undefined> = new Map(
  Object.entries(replicatedBodies).map(([operation, codec]) => [Number(operation), codec]),
);

/** The body of a prepare with this operation, or nothing when it has none to decode. */
export function replicatedBodyCodec(operation: number): Codec<unknown> | undefined {
  return byOperation.get(operation);
}

const commandOf: ReadonlyMap<number, number> = new Map(
  commandList
    .filter((each) => each.operation !== Operation.NonReplicated)
    .map((each) => [each.operation, each.code]),
);

/**
 * The code of the command that is sent with this operation byte. Nothing for NonReplicated, whose
 * frames carry the code, and for Register, which two commands share.
 */
export function commandCodeOfOperation(operation: number): number | undefined {
  return operation === Operation.Register ? undefined : commandOf.get(operation);
}

/**
 * The payload of a reply with this operation byte: replies to rewritten operations carry the
 * number of the rewritten form. Nothing for NonReplicated and for internal operations that no
 * client caused.
 */
export function replyPayloadCodec(operation: number): Codec<unknown> | undefined {
  switch (operation) {
    case Operation.Register:
      return commands.login_register.response;
    case Operation.CreateTopicWithAssignments:
      return commands.create_topic.response;
    case Operation.CreatePartitionsWithAssignments:
      return commands.create_partitions.response;
    case Operation.TruncatePartition:
      return commands.delete_segments.response;
    default: {
      const code = commandCodeOfOperation(operation);
      return code === undefined ? undefined : commandByCode(code)?.response;
    }
  }
}
