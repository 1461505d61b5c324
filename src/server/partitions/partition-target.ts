import {
  type Codec,
  type Consumer,
  commands,
  consumerKind,
  encode,
  isWireError,
  Operation,
  type Partitioning,
  partitionGroupNumber,
  partitionIndexOfKey,
  partitioningKind,
  readSendMessages,
} from '../../wire/index.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import { decodeBody } from '../core/decode-body.js';
import type { AccessRule, TopicView } from '../machine-view.js';

/** A partition operation whose target was found. */
export interface PartitionTarget {
  readonly stream: number;
  readonly topic: number;
  readonly group: number;
  /** Right the user needs. */
  readonly rule: AccessRule;
  /** The body to replicate: as sent, but with a group named by its number. */
  readonly body: Uint8Array;
  /** Answered after it was applied by one replica; not replicated. */
  readonly withoutAck: boolean;
}

/**
 * Finds the partition a request is about. Whatever the reason, a target that is not found has one
 * answer, hence `undefined`.
 *
 * @source Iggy session protocol, partition operations
 */
export function resolveTarget(
  core: Core,
  binding: Binding,
  operation: number,
  body: Uint8Array,
): PartitionTarget | undefined {
  switch (operation) {
    case Operation.SendMessages:
      return resolveSend(core, body);
    case Operation.StoreConsumerOffset:
      return resolveStore(core, binding, body);
    default:
      return resolveDelete(core, binding, body);
  }
}

function resolveSend(core: Core, body: Uint8Array): PartitionTarget | undefined {
  const asked = tryReadSend(body);
  if (asked === undefined) return undefined;
  const view = core.deps.metadata.topic(asked.stream_id, asked.topic_id);
  if (view === undefined) return undefined;
  const partition = choosePartition(core, view, asked.partitioning);
  if (partition === undefined) return undefined;
  return { rule: 'append', body, withoutAck: false, ...placed(view, partition) };
}

function resolveStore(core: Core, by: Binding, body: Uint8Array): PartitionTarget | undefined {
  const asked = decodeBody(commands.store_consumer_offset, body);
  return asked && resolveOffset(core, by, body, asked, commands.store_consumer_offset.request);
}

function resolveDelete(core: Core, by: Binding, body: Uint8Array): PartitionTarget | undefined {
  const asked = decodeBody(commands.delete_consumer_offset, body);
  return asked && resolveOffset(core, by, body, asked, commands.delete_consumer_offset.request);
}

interface OffsetRequest {
  readonly consumer: Consumer;
  readonly stream_id: number | string;
  readonly topic_id: number | string;
  readonly partition_id: number | null;
  readonly ack: number;
}

function resolveOffset<T extends OffsetRequest>(
  core: Core,
  by: Binding,
  body: Uint8Array,
  asked: T,
  request: Codec<T>,
): PartitionTarget | undefined {
  const found = findOffset(core, by, asked);
  if (found === undefined) return undefined;
  const { view, partition, consumer } = found;
  const isGroup = consumer.kind === consumerKind.table.consumer_group;
  return {
    rule: 'poll',
    ...placed(view, partition),
    body: isGroup ? encode(request, { ...asked, consumer }) : body,
    withoutAck: asked.ack === 0,
  };
}

/** The partition must be named; for a group the client must own it, also while it is moving away. */
function findOffset(
  core: Core,
  by: Binding,
  asked: OffsetRequest,
):
  | { readonly view: TopicView; readonly partition: number; readonly consumer: Consumer }
  | undefined {
  const { consumer, stream_id: stream, topic_id: topic, partition_id: partition } = asked;
  if (partition === null) return undefined;
  if (consumer.kind === consumerKind.table.consumer) {
    const view = core.deps.metadata.topic(stream, topic);
    if (view?.partitions.includes(partition) !== true) return undefined;
    return { view, partition, consumer };
  }
  const view = core.deps.metadata.group(stream, topic, consumer.id);
  if (view?.owns(by.clientId, partition) !== true) return undefined;
  return { view, partition, consumer: { ...consumer, id: view.group } };
}

function placed(view: TopicView, partition: number) {
  const { stream, topic } = view;
  return { stream, topic, group: partitionGroupNumber(stream, topic, partition) };
}

/** Official clients name the partition; the other kinds are resolved with the same formulas. */
function choosePartition(
  core: Core,
  view: TopicView,
  partitioning: Partitioning,
): number | undefined {
  const { partitions } = view;
  const count = partitions.length;
  if (count === 0) return undefined;
  switch (partitioning.kind) {
    case partitioningKind.partition:
      return partitions.includes(partitioning.value) ? partitioning.value : undefined;
    case partitioningKind.key:
      return partitions[partitionIndexOfKey(partitioning.value, count)];
    case partitioningKind.balanced:
      return partitions[nextBalanced(core, view)];
  }
}

/** One cursor per topic and node; it is neither replicated nor kept over a restart. */
function nextBalanced(core: Core, view: TopicView): number {
  const key = partitionGroupNumber(view.stream, view.topic, 0);
  const { createdAt, partitions } = view;
  let cursor = core.balancedCursors.get(key);
  if (cursor?.createdAt !== createdAt) {
    // A new topic under ids that were used before begins with its first partition.
    cursor = { createdAt, next: 0 };
    core.balancedCursors.set(key, cursor);
  }
  const index = cursor.next % partitions.length;
  cursor.next = (index + 1) % partitions.length;
  return index;
}

function tryReadSend(body: Uint8Array) {
  try {
    return readSendMessages(body);
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}
