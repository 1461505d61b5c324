import type { IggyClient } from '../../client/index.js';
import { CliError } from '../cli-error.js';
import { existingGroup } from '../group/group-target.js';
import type { OffsetTarget } from './offset-target.js';

/**
 * Runs a change of a group's offset. Only the member that owns a partition may do that, so this
 * client becomes one for a moment; a group that has members already is left alone.
 *
 * @throws CliError E_CONFLICT when the group has members
 */
export async function asMember<T>(
  client: IggyClient,
  target: OffsetTarget,
  signal: AbortSignal,
  change: () => Promise<T>,
): Promise<T> {
  if (!target.isGroup) return await change();
  const { stream_id, topic_id } = target.topic;
  const group = await existingGroup(client, { ...target.topic, group_id: target.consumer }, signal);
  if (group.members_count > 0) {
    throw new CliError(
      'E_CONFLICT',
      `consumer group ${group.name} has ${group.members_count} members, and only they may change its offsets`,
      {
        hint: `stop them first: iggyctl consumer-group get ${stream_id} ${topic_id} ${group.name}`,
      },
    );
  }
  const place = { stream: stream_id, topic: topic_id, group: target.consumer };
  await client.groups.join(place, { signal });
  try {
    await client.groups.sync(place, { signal });
    return await change();
  } finally {
    await client.groups.leave(place).catch(() => undefined);
  }
}
