import {
  createPartitionsWithAssignments,
  Operation,
  type PartitionAssignment,
} from '../../../wire/index.js';
import type { LogEntry } from '../../log-entry.js';
import { decodeBody } from '../../requests.js';
import { assignedTopicIn } from './assigned-topic.js';

/**
 * Gives ids to the consensus groups of partitions. Every entry of the log is observed, committed
 * or not, so that a new primary does not give an id that is already on its way.
 */
export class GroupIdAllocator {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /** `id` is taken. */
  observe(id: number): void {
    if (id > this.#last) this.#last = id;
  }

  observeEntry(entry: LogEntry): void {
    for (const { consensus_group_id } of assignmentsOf(entry)) {
      this.observe(Number(consensus_group_id));
    }
  }
}

function assignmentsOf({ operation: kind, body }: LogEntry): readonly PartitionAssignment[] {
  if (kind === Operation.CreateTopicWithAssignments) {
    return assignedTopicIn(body)?.partitions ?? [];
  }
  if (kind === Operation.CreatePartitionsWithAssignments) {
    return decodeBody(createPartitionsWithAssignments, body)?.partitions ?? [];
  }
  return [];
}
