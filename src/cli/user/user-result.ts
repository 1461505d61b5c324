import type { UserDetails, UserRecord } from '../../wire/index.js';
import type { Fields, ListColumn, ObjectResult } from '../output/result.js';
import { shortTime, timeOrNull } from '../output/wire-values.js';
import { permissionFields, permissionSummary } from './permission-view.js';
import { userStatusName } from './status-name.js';

/** A user as it is shown; permissions are not part of a list and null there. */
export function userFields(user: UserRecord) {
  return {
    id: user.id,
    name: user.username,
    status: userStatusName(user.status),
    created_at: timeOrNull(user.created_at),
    permissions: null,
  } satisfies Fields;
}

type UserFields = ReturnType<typeof userFields>;

export const userColumns: readonly ListColumn<UserFields>[] = [
  { key: 'id', title: 'ID', align: 'right' },
  { key: 'created_at', title: 'Created', cell: (user) => shortTime(user.created_at) },
  { key: 'status', title: 'Status' },
  { key: 'name', title: 'Username' },
];

/** One user as a result. */
export function userResult(user: UserDetails): ObjectResult {
  const value = userFields(user);
  return {
    kind: 'user',
    value: { ...value, permissions: permissionFields(user.permissions) },
    name: value.id,
    pairs: [
      { label: 'ID', value: value.id },
      { label: 'Username', value: value.name },
      { label: 'Status', value: value.status },
      { label: 'Created', value: shortTime(value.created_at) },
      { label: 'Permissions', value: permissionSummary(user.permissions) },
      ...(user.permissions?.streams ?? []).map(({ stream_id, permissions, topics }) => ({
        label: `  stream ${stream_id}`,
        value: [
          ...named(permissions),
          ...topics.map(
            (topic) => `topic ${topic.topic_id}: ${named(topic.permissions).join(', ')}`,
          ),
        ].join('; '),
      })),
    ],
  };
}

function named(rights: object): readonly string[] {
  const names = Object.entries(rights).flatMap(([name, has]) => (has === true ? [name] : []));
  return names.length === 0 ? [] : [names.join(', ')];
}
