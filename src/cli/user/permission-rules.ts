import { type CommandKey, commands, type Permissions } from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';

/** What is asked about: a stream, one of its topics, or neither. */
export interface PermissionScope {
  readonly streamId?: number | undefined;
  readonly topicId?: number | undefined;
}

/** Whether something is allowed, and by what. */
export interface Verdict {
  readonly allowed: boolean;
  /** Such as `global: manage_streams`; absent when it is not allowed. */
  readonly by?: string;
}

/** A command of the protocol by its name, such as `stream.create`. @throws CliError E_USAGE */
export function actionOf(name: string): CommandKey {
  const keys = Object.keys(commands) as CommandKey[];
  const wanted = name.replaceAll('-', '_');
  const found = keys.find((key) => key === wanted || commands[key].dispatchName === wanted);
  if (found !== undefined) return found;
  const names = keys.map((key) => commands[key].dispatchName);
  const verbs = names.filter((each) => each.endsWith(`.${wanted}`));
  const near = nearest(name, names);
  const help =
    verbs.length > 0
      ? `did you mean ${verbs.join(' or ')}?`
      : near === undefined
        ? 'names are those of request list'
        : `did you mean ${near}?`;
  throw usageError(`there is no action ${name}; ${help}`, 'iggyctl request list');
}

/**
 * Judges permissions by the rule that the command's description states, such as
 * `global: a or b; or stream: c; or topic: d`.
 */
export function judge(
  action: CommandKey,
  permissions: Permissions | null,
  scope: PermissionScope,
): Verdict {
  const { permission } = commands[action];
  if (!/(?:^|or )(?:global|stream|topic): /.test(permission)) return openTo(permission);
  const stream = permissions?.streams.find((each) => each.stream_id === scope.streamId);
  const topic = stream?.topics.find((each) => each.topic_id === scope.topicId);
  const granted: Readonly<Record<string, Readonly<Record<string, boolean>> | undefined>> = {
    global: permissions === null ? undefined : { ...permissions.global },
    stream: stream === undefined ? undefined : { ...stream.permissions },
    topic: topic === undefined ? undefined : { ...topic.permissions },
  };
  for (const clause of permission.split(/;\s*/)) {
    const match = /^(?:or )?(global|stream|topic): (.+)$/.exec(clause.replace(/^self, or /, ''));
    if (match === null) continue;
    const [, level = '', names = ''] = match;
    const right = names.split(/, | or /).find((name) => granted[level]?.[name] === true);
    if (right !== undefined) return { allowed: true, by: `${level}: ${right}` };
  }
  return { allowed: false };
}

/** Commands without a rule are open to everybody who is logged in, or refused to all. */
function openTo(permission: string): Verdict {
  if (permission.startsWith('legacy')) return { allowed: false };
  return { allowed: true, by: permission };
}
