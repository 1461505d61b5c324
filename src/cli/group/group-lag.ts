import type { IggyClient } from '../../client/index.js';
import type { GroupDetails, PartitionRecord, TopicDetails } from '../../wire/index.js';
import type { Fields, ListColumn } from '../output/result.js';
import type { Identifier } from '../values.js';

/** How far behind one partition is. */
export interface PartitionLag extends Fields {
  readonly partition: number;
  readonly member: number | null;
  readonly stored_offset: bigint | null;
  readonly end_offset: bigint;
  readonly lag: bigint;
}

export const lagColumns: readonly ListColumn<PartitionLag>[] = [
  { key: 'partition', title: 'Partition', align: 'right' },
  { key: 'member', title: 'Member', align: 'right', cell: ({ member }) => member ?? '-' },
  {
    key: 'stored_offset',
    title: 'Stored',
    align: 'right',
    cell: ({ stored_offset: stored }) => stored ?? '-',
  },
  { key: 'end_offset', title: 'End', align: 'right' },
  { key: 'lag', title: 'Lag', align: 'right' },
];

/** Messages behind a stored offset; all that there are when none is stored. */
export function lagOf(partition: PartitionRecord, stored: bigint | null): bigint {
  const { messages_count: messages, current_offset: current } = partition;
  if (messages === 0n) return 0n;
  if (stored === null) return messages;
  const behind = current > stored ? current - stored : 0n;
  // What was removed by retention cannot be read any more.
  return behind < messages ? behind : messages;
}

/** The lag of every partition of a topic for a group. */
export async function groupLag(
  client: IggyClient,
  place: { readonly stream: Identifier; readonly topic: Identifier; readonly group: Identifier },
  { topic, group }: { readonly topic: TopicDetails; readonly group: GroupDetails },
): Promise<readonly PartitionLag[]> {
  const rows = [];
  for (const partition of topic.partitions) {
    const { id } = partition;
    const offset = await client.offsets.get({ ...place, partition: id });
    const stored = offset?.stored_offset ?? null;
    const owner = group.members.find(({ partitions }) => partitions.includes(id));
    rows.push({
      ...{ partition: id, member: owner?.id ?? null, stored_offset: stored },
      ...{ end_offset: partition.current_offset, lag: lagOf(partition, stored) },
    });
  }
  return rows;
}
