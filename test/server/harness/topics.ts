import type { PartitionView } from '../../../src/server/index.js';
import {
  type Codec,
  commands,
  createTopicWithAssignments,
  encode,
  Operation,
  partitionGroupNumber,
  replicatedJoinConsumerGroup,
} from '../../../src/wire/index.js';
import type { ScriptNode } from './script-node.js';

/** Applies one operation to the metadata of a node, in its replicated form. */
export function apply<T>(
  node: ScriptNode,
  operation: number,
  codec: Codec<T>,
  value: T,
  client = 1n,
): void {
  const body = encode(codec, value);
  node.machine.apply({ op: 1, operation, client, userId: 0, request: 1n, timestamp: 1, body });
}

/** Stream `s` with topic `t` of so many partitions, and group `g`. */
export function addTopic(node: ScriptNode, partitions: number): void {
  apply(node, Operation.CreateStream, commands.create_stream.request, { name: 's', options: [] });
  apply(node, Operation.CreateTopicWithAssignments, createTopicWithAssignments, {
    request: { stream_id: 's', partitions_count: partitions, name: 't', options: [] },
    derived_options: [],
    partitions: Array.from({ length: partitions }, (_, id) => ({
      partition_id: id,
      consensus_group_id: BigInt(id + 1),
    })),
  });
  apply(node, Operation.CreateConsumerGroup, commands.create_consumer_group.request, {
    stream_id: 's',
    topic_id: 't',
    name: 'g',
  });
}

export const groupRef = { stream_id: 's', topic_id: 't', group_id: 'g' } as const;

export function join(node: ScriptNode, client: bigint, in_flight: number[] = []): void {
  const value = { ...groupRef, client_id: client, in_flight };
  apply(node, Operation.JoinConsumerGroup, replicatedJoinConsumerGroup, value);
}

export const group = (partition: number) => partitionGroupNumber(0, 0, partition);

/** A partition that does as it is told. */
export class ScriptPartition implements PartitionView {
  status = {
    view: 4,
    primary: 0,
    status: 'normal' as 'normal' | 'view-change' | 'recovering',
    isActingPrimary: true,
    hasCeded: false,
    commitMax: 20,
  };
  currentOffset = 99;
  readonly polls: Parameters<PartitionView['poll']>[0][] = [];
  readonly local: { operation: number; body: Uint8Array }[] = [];
  readonly offsets = new Map<string, number>();
  readonly polled = new Map<number, number>();
  answer: ReturnType<PartitionView['poll']> = { body: new Uint8Array(16) };
  localStatus = 0;
  truncation: number | undefined = 0;

  poll(query: Parameters<PartitionView['poll']>[0]) {
    this.polls.push(query);
    return this.answer;
  }
  storedOffset(kind: string, consumer: number): number {
    return this.offsets.get(`${kind}/${consumer}`) ?? -1;
  }
  lastPolled(id: number): number {
    return this.polled.get(id) ?? -1;
  }
  forgetPolled(id: number): void {
    this.polled.delete(id);
  }
  applyLocally(operation: number, body: Uint8Array): number {
    this.local.push({ operation, body });
    return this.localStatus;
  }
  truncationOffset(): number | undefined {
    return this.truncation;
  }
}
