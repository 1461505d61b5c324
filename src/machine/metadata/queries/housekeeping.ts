import {
  completeConsumerGroupRevocation,
  encode,
  Operation,
  replicatedDeleteAccessToken,
} from '../../../wire/index.js';
import type { HousekeepingProposal, PendingRevocation } from '../metadata-face.js';
import type { MetadataState } from '../state/metadata-state.js';

/** Deletions of one pass of the token cleaner. @source Iggy server, token cleaner */
const tokensPerPass = 256;

/** Deletions of expired tokens, oldest expiry first, for a caught-up primary to propose. */
export function tokenCleanup(state: MetadataState, now: number): readonly HousekeepingProposal[] {
  return state.users.expiredTokens(now, tokensPerPass).map((token) => ({
    operation: Operation.DeletePersonalAccessToken,
    client: 0n,
    body: encode(replicatedDeleteAccessToken, {
      user_id: token.userId,
      name: token.name,
      only_if_expired: true,
    }),
  }));
}

/** Partitions that wait to change their owner. */
export function* pendingRevocations(state: MetadataState): IterableIterator<PendingRevocation> {
  for (const group of state.memberships.pendingGroups()) {
    for (const member of group.members.values()) {
      for (const move of member.pending) {
        yield {
          stream: group.streamId,
          topic: group.topicId,
          group: group.id,
          partition: move.partition,
          sourceClient: member.clientId,
          createdAt: move.createdAt,
        };
      }
    }
  }
}

const serverClients = 0xffff_ffff_ffff_ffffn << 64n;

/**
 * The proposal that completes a revocation. Its client id is one that no session can have and
 * differs per group and partition, so that such proposals do not wait for each other.
 */
export function revocationProposal(pending: PendingRevocation): HousekeepingProposal {
  const { stream, topic, group, partition, sourceClient } = pending;
  return {
    operation: Operation.CompleteConsumerGroupRevocation,
    client: serverClients | (BigInt(group >>> 0) << 32n) | BigInt(partition >>> 0),
    body: encode(completeConsumerGroupRevocation, {
      stream_id: stream,
      topic_id: topic,
      group_id: BigInt(group),
      source_client_id: sourceClient,
      partition_id: partition,
    }),
  };
}
