import { emptyBytes } from '../../base/index.js';
import {
  commands,
  consumerKey,
  consumerKind,
  type PollMessagesRequest,
  partitionGroupNumber,
  pollHeaderSize,
  resyncPartition,
  writePollHeader,
} from '../../wire/index.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import { decodeBody } from '../core/decode-body.js';
import { statusCode } from '../core/status-codes.js';
import type { Name, TopicView } from '../machine-view.js';
import { type PartitionPlace, type PartitionRead, pollQueryOf } from './partition-read.js';

/** The answer of a read that ends before a partition is touched. */
export type ResolvedAnswer =
  | { readonly kind: 'body'; readonly body: Uint8Array }
  | { readonly kind: 'status'; readonly status: number };

/** A read to do, or its answer. */
export type ResolvedRead = { readonly kind: 'read'; readonly read: PartitionRead } | ResolvedAnswer;

/** Finds the partition a read is about, and whether the user may read it. */
export function resolveRead(
  core: Core,
  by: Binding,
  kind: PartitionRead['kind'],
  body: Uint8Array,
): ResolvedRead {
  return kind === 'poll' ? resolvePoll(core, by, body) : resolveOffsetRead(core, by, body);
}

const nothing: ResolvedRead = { kind: 'body', body: emptyBytes };

/**
 * A poll of a consumer of its own is told what is missing; one of a group is told to sync instead,
 * because its assignment may simply be old.
 *
 * @source Iggy server, polling as a member
 */
function resolvePoll(core: Core, by: Binding, body: Uint8Array): ResolvedRead {
  const asked = decodeBody(commands.poll_messages, body);
  if (asked === undefined) return refused(statusCode.invalidCommand);
  const { stream_id: stream, topic_id: topic } = asked;
  const view = core.deps.metadata.topic(stream, topic);
  if (view !== undefined && !mayPoll(core, by, view)) return refused(statusCode.unauthorized);
  if (asked.consumer.kind === consumerKind.table.consumer_group) {
    return resolveGroupPoll(core, by, asked);
  }
  if (view === undefined) return refused(missingTopicStatus(core, stream));
  const partition = asked.partition_id ?? 0;
  if (!view.partitions.includes(partition)) return refused(statusCode.partitionNotFound);
  const query = pollQueryOf(asked, consumerKey(asked.consumer.id));
  return { kind: 'read', read: { kind: 'poll', place: placeOf(view, partition), query } };
}

/** Whatever is missing, no offset is stored for it; only a missing partition is an error. */
function resolveOffsetRead(core: Core, by: Binding, body: Uint8Array): ResolvedRead {
  const asked = decodeBody(commands.get_consumer_offset, body);
  if (asked === undefined) return refused(statusCode.invalidCommand);
  const { consumer, stream_id: stream, topic_id: topic } = asked;
  const view = core.deps.metadata.topic(stream, topic);
  if (view === undefined) return nothing;
  if (!mayPoll(core, by, view)) return refused(statusCode.unauthorized);
  const partition = asked.partition_id ?? 0;
  if (!view.partitions.includes(partition)) return refused(statusCode.partitionNotFound);
  const base = { kind: 'offset', place: placeOf(view, partition) } as const;
  if (consumer.kind === consumerKind.table.consumer) {
    const key = consumerKey(consumer.id);
    return { kind: 'read', read: { ...base, consumerKind: 'consumer', consumer: key } };
  }
  const group = core.deps.metadata.group(stream, topic, consumer.id);
  if (group === undefined) return nothing;
  return { kind: 'read', read: { ...base, consumerKind: 'group', consumer: group.group } };
}

/** A poll reply without messages. */
export function emptyPollBody(partition: number): Uint8Array {
  const body = new Uint8Array(pollHeaderSize);
  writePollHeader(body, 0, { partitionId: partition, currentOffset: 0, count: 0 });
  return body;
}

function resolveGroupPoll(core: Core, by: Binding, asked: PollMessagesRequest): ResolvedRead {
  const { partition_id: partition, stream_id: stream, topic_id: topic } = asked;
  if (partition === null) return { kind: 'body', body: emptyPollBody(0) };
  const group = core.deps.metadata.group(stream, topic, asked.consumer.id);
  if (group?.polls(by.clientId, partition) !== true) {
    return { kind: 'body', body: emptyPollBody(resyncPartition) };
  }
  const query = pollQueryOf(asked, group.group);
  return { kind: 'read', read: { kind: 'poll', place: placeOf(group, partition), query } };
}

function mayPoll(core: Core, by: Binding, scope: TopicView): boolean {
  return core.deps.metadata.isAllowed(by.userId, 'poll', scope);
}

function missingTopicStatus(core: Core, stream: Name): number {
  const { streamNotFound, topicNotFound } = statusCode;
  return core.deps.metadata.hasStream(stream) ? topicNotFound : streamNotFound;
}

function placeOf(view: TopicView, partition: number): PartitionPlace {
  const { stream, topic } = view;
  return { stream, topic, partition, group: partitionGroupNumber(stream, topic, partition) };
}

function refused(status: number): ResolvedRead {
  return { kind: 'status', status };
}
