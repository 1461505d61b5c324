import type {
  SnapshotGroup,
  SnapshotStreams,
  SnapshotTopic,
  StoredOption,
} from '../../../wire/index.js';
import { ConsumerGroup, GroupMember } from '../groups/consumer-group.js';
import { OptionMap } from '../options/option-map.js';
import { settingsOfMap } from '../options/resolve-topic-options.js';
import type { MetadataState } from '../state/metadata-state.js';
import { idCeilings, type Stream } from '../state/stream-table.js';
import type { Topic } from '../state/topic.js';
import { byId, mustBeFree, SnapshotError, smallNumber } from './snapshot-error.js';

/** Members are numbered from 0 upwards, so a higher id is damage. */
const memberCeiling = 1_048_576;

/** Adds the streams of a snapshot to an empty state. @throws SNAPSHOT_INVALID */
export function readStreams(state: MetadataState, { streams, revision }: SnapshotStreams): void {
  state.revision = smallNumber(revision, 'revision');
  for (const { id, stream: record } of byId(streams)) {
    mustBeBelow(id, idCeilings.streams);
    mustBeFree(state.streams.find(record.name), 'streams', record.name);
    const createdAt = smallNumber(record.created_at, 'created_at');
    const stream = state.streams.restore(id, record.name, createdAt);
    for (const { id: topicId, topic } of byId(record.topics)) {
      mustBeBelow(topicId, idCeilings.topics);
      mustBeFree(stream.topic(topic.name), 'topics of one stream', topic.name);
      readTopic(state, stream, topicId, topic);
    }
  }
}

function readTopic(state: MetadataState, stream: Stream, id: number, record: SnapshotTopic): void {
  const options = readOptions(record.options);
  const topic = stream.restoreTopic({
    id,
    name: record.name,
    createdAt: smallNumber(record.created_at, 'created_at'),
    limits: {
      compression: record.compression === 'gzip' ? 2 : 1,
      messageExpiry: record.message_expiry,
      maxTopicSize: record.max_topic_size,
    },
    options,
    storage: settingsOfMap(options),
  });
  for (const partition of byId(record.partitions)) {
    mustBeBelow(partition.id, idCeilings.partitions);
    topic.addPartition({
      id: partition.id,
      consensusGroupId: smallNumber(partition.consensus_group_id, 'consensus_group_id'),
      createdAt: smallNumber(partition.created_at, 'created_at'),
      createdRevision: smallNumber(partition.created_revision, 'created_revision'),
      deletedUpToOffset: smallNumber(partition.deleted_up_to_offset, 'deleted_up_to_offset'),
      purgeGeneration: smallNumber(partition.purge_generation, 'purge_generation'),
    });
  }
  for (const { id: groupId, group } of byId(record.groups)) {
    mustBeFree(topic.group(group.name), 'groups of one topic', group.name);
    readGroup(state, topic, groupId, group);
  }
  topic.reserveGroupIds(record.next_group_id);
}

function readGroup(state: MetadataState, topic: Topic, id: number, record: SnapshotGroup): void {
  const place = { stream: topic.streamId, topic: topic.id };
  const group = new ConsumerGroup(id, record.name, place);
  group.generation = smallNumber(record.generation, 'generation');
  for (const { id: memberId, member: stored } of byId(record.members)) {
    mustBeBelow(memberId, memberCeiling);
    const member = new GroupMember(memberId, stored.client_id);
    member.partitions = [...stored.partitions];
    member.pending = stored.pending_revocations.map((move) => ({
      partition: move.partition,
      targetMember: move.target_member,
      createdAt: smallNumber(move.created_at, 'created_at'),
    }));
    if (group.memberOf(member.clientId) !== undefined) {
      throw new SnapshotError(`a client is twice in group ${record.name}`, { group: id });
    }
    group.restoreMember(member);
  }
  topic.restoreGroup(group, id + 1);
  state.memberships.restored(group);
}

function readOptions(stored: readonly StoredOption[]): OptionMap {
  return new OptionMap(
    stored.map(({ key, kind, value, explicit }) => ({
      option: { key, kind, value },
      isExplicit: explicit,
    })),
  );
}

function mustBeBelow(id: number, ceiling: number): void {
  if (id >= ceiling) throw new SnapshotError(`id ${id} is not below ${ceiling}`, { id, ceiling });
}
