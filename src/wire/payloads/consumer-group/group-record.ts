import { array, counted, field, name, type StructValue, struct, u32 } from '../../schema/index.js';

const shape = () =>
  ({
    id: field(u32, 'Group id within the topic; never given twice.'),
    partitions_count: field(u32, 'Partitions of the topic.'),
    members_count: field(u32, 'Members of the group.'),
    name: field(name, 'Group name.'),
  }) as const;

/** A consumer group without its members. */
export interface GroupRecord extends StructValue<typeof shape> {}
export const groupRecord = struct('GroupRecord', shape);

const memberShape = () =>
  ({
    id: field(u32, 'Number within the group; not a client id.'),
    partitions: field(array(u32, u32), 'Partitions it owns, those pending hand-over included.'),
  }) as const;

/** One member of a consumer group. */
export interface GroupMember extends StructValue<typeof memberShape> {}

/** A consumer group and its members. */
export interface GroupDetails extends GroupRecord {
  readonly members: readonly GroupMember[];
}

export const groupDetails = counted('GroupDetails', shape, {
  count: 'members_count',
  name: 'members',
  item: struct('GroupMember', memberShape),
  doc: 'Members of the group.',
});
