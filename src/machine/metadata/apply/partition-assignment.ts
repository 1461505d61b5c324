import { code } from '../../codes.js';
import type { MetadataState } from '../state/metadata-state.js';
import { idCeilings } from '../state/stream-table.js';
import type { Topic } from '../state/topic.js';
import { addressOf } from './topic-contents.js';

/** One new partition as the primary decided it. */
export interface Assignment {
  /** Counted from the first new id. */
  readonly partition_id: number;
  readonly consensus_group_id: bigint;
}

/** 0, or the code of what is wrong with the ids; nothing may be applied then. */
export function assignmentProblem(assignments: readonly Assignment[], firstId: number): number {
  const seen = new Set<number>();
  for (const { partition_id } of assignments) {
    const id = firstId + partition_id;
    if (id > 0xffff_ffff) return code.invalidPartitionsCount;
    if (id >= idCeilings.partitions) return code.partitionIdsExhausted;
    if (seen.has(id)) return code.invalidPartitionsCount;
    seen.add(id);
  }
  return code.ok;
}

export interface NewPartitions {
  readonly assignments: readonly Assignment[];
  readonly firstId: number;
  readonly createdAt: number;
}

/** Adds partitions under a new revision. */
export function addPartitions(state: MetadataState, topic: Topic, added: NewPartitions): void {
  const createdRevision = state.bumpRevision();
  for (const assignment of added.assignments) {
    const consensusGroupId = Number(assignment.consensus_group_id);
    const partition = topic.addPartition({
      id: added.firstId + assignment.partition_id,
      consensusGroupId,
      createdAt: added.createdAt,
      createdRevision,
    });
    state.changed({ kind: 'created', partition: addressOf(topic, partition) });
  }
}
