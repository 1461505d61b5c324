import type { ObjectResult } from '../output/result.js';

/** What a member of a group may poll. */
export interface AssignmentFacts {
  readonly action: string;
  readonly label: string;
  readonly generation: bigint | undefined;
  readonly partitions: readonly number[];
}

/** A membership as a result. */
export function assignmentResult(facts: AssignmentFacts): ObjectResult {
  const { action, label, generation, partitions } = facts;
  const after = { generation: generation ?? null, partitions: [...partitions] };
  return {
    kind: 'change',
    name: partitions.join(' '),
    value: {
      ...{ action, target: label, changed: true, id: null, before: null, after },
      ...{ op: null, view: null },
    },
    pairs: [
      { label: 'Group', value: label },
      { label: 'Generation', value: generation },
      { label: 'Partitions', value: partitions.length === 0 ? 'none' : partitions.join(' ') },
    ],
  };
}
