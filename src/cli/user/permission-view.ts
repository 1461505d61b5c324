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

/** What changed between two sets of permissions, one line each: `+ global: send_messages`. */
export function permissionChanges(
  before: Permissions | null,
  after: Permissions | null,
): readonly string[] {
  const [old, now] = [rightLines(before), rightLines(after)];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
}

/** Every right that is given, one line each. */
export function rightLines(permissions: Permissions | null): readonly string[] {
  if (permissions === null) return [];
  return [
    ...given(permissions.global).map((name) => `global: ${name}`),
    ...permissions.streams.flatMap(({ stream_id, permissions: rights, topics }) => [
      ...given(rights).map((name) => `stream ${stream_id}: ${name}`),
      ...topics.flatMap(({ topic_id, permissions: mine }) =>
        given(mine).map((name) => `topic ${stream_id}/${topic_id}: ${name}`),
      ),
    ]),
  ];
}

function given(rights: object): readonly string[] {
  return Object.entries(rights).flatMap(([name, has]) => (has === true ? [name] : []));
}
