import type { Permissions } from '../../wire/index.js';
import type { Fields } from '../output/result.js';

/** Permissions as JSON; null when there are none. */
export function permissionFields(permissions: Permissions | null): Fields | null {
  if (permissions === null) return null;
  return {
    global: { ...permissions.global },
    streams: permissions.streams.map(({ stream_id, permissions: rights, topics }) => ({
      stream_id,
      ...rights,
      topics: topics.map((topic) => ({ topic_id: topic.topic_id, ...topic.permissions })),
    })),
  };
}

/** The global rights in one line, and how many streams have some of their own. */
export function permissionSummary(permissions: Permissions | null): string {
  if (permissions === null) return 'none';
  const rights = Object.entries(permissions.global);
  const given = rights.filter(([, has]) => has).map(([name]) => name);
  const everything = given.length === rights.length;
  const global = everything ? 'everything' : given.join(', ');
  const { length } = permissions.streams;
  const streams = length === 0 ? '' : `${length} with rights of their own`;
  return [global, streams].filter((part) => part !== '').join('; ') || 'none';
}
