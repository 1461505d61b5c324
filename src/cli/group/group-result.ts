import type { GroupDetails, GroupRecord } from '../../wire/index.js';
import type { Fields, ListColumn, ObjectResult } from '../output/result.js';

/** A consumer group as it is shown. */
export function groupFields(group: GroupRecord | GroupDetails) {
  return {
    id: group.id,
    name: group.name,
    partitions_count: group.partitions_count,
    members_count: group.members_count,
    members:
      'members' in group
        ? group.members.map(({ id, partitions }) => ({
            ...{ id, partitions_count: partitions.length, partitions: [...partitions] },
          }))
        : [],
  } satisfies Fields;
}

type GroupFields = ReturnType<typeof groupFields>;

export const groupColumns: readonly ListColumn<GroupFields>[] = [
  { key: 'id', title: 'ID', align: 'right' },
  { key: 'name', title: 'Name' },
  { key: 'partitions_count', title: 'Partitions', align: 'right' },
  { key: 'members_count', title: 'Members', align: 'right' },
];

/** One group as a result, its members below. */
export function groupResult(group: GroupRecord | GroupDetails): ObjectResult {
  const value = groupFields(group);
  return {
    kind: 'consumer_group',
    value,
    name: value.id,
    pairs: [
      { label: 'ID', value: value.id },
      { label: 'Name', value: value.name },
      { label: 'Partitions', value: value.partitions_count },
      { label: 'Members', value: value.members_count },
      ...value.members.map(({ id, partitions }) => ({
        label: `  member ${id}`,
        value: partitions.length === 0 ? 'no partitions' : `partitions ${partitions.join(', ')}`,
      })),
    ],
  };
}
