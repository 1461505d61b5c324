import { commands, encode, Operation } from '../../wire/index.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { PartitionView, PollQuery } from '../partition-view.js';
import { handOn } from './hand-on.js';
import { proposeToPartition } from './partition-local.js';
import type { PartitionPlace } from './partition-read.js';
import { autoCommitClient, type PartitionWork } from './partition-work.js';

/**
 * Replicates the offset a poll stored. It enters the partition before the poll is answered, so that
 * whatever the client does next is ordered behind it; nobody waits for it.
 */
export function replicateAutoCommit(
  core: Core,
  from: {
    readonly frame: Uint8Array;
    readonly session: number;
    readonly userId: number;
    readonly place: PartitionPlace;
    readonly query: PollQuery;
    readonly offset: number;
    readonly partition: PartitionView;
  },
): Done {
  const { place, query, partition } = from;
  const body = encode(commands.store_consumer_offset.request, {
    consumer: { kind: query.consumerKind === 'consumer' ? 1 : 2, id: query.consumer },
    stream_id: place.stream,
    topic_id: place.topic,
    partition_id: place.partition,
    offset: BigInt(from.offset),
    ack: 1,
  });
  const work: PartitionWork = {
    waiter: { kind: 'nobody' },
    frame: from.frame,
    transportId: autoCommitClient,
    operation: Operation.StoreConsumerOffset,
    session: from.session,
    userId: from.userId,
    group: place.group,
    body,
    withoutAck: false,
  };
  if (partition.status.isActingPrimary) return proposeToPartition(core, work);
  const refusal = handOn(core, work, partition);
  if (refusal !== 0) core.log('warn', 'AutoCommitDropped', { group: place.group, code: refusal });
}
