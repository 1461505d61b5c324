import type {
  GlobalPermissions,
  Permissions,
  StreamPermissions,
  StreamRights,
  TopicRights,
} from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';
import { type Identifier, parseIdentifier } from '../values.js';

/** Short names of the official command line, by level. */
const shortNames = {
  global: {
    ...{ m_srv: 'manage_servers', r_srv: 'read_servers', m_usr: 'manage_users' },
    ...{ r_usr: 'read_users', m_str: 'manage_streams', r_str: 'read_streams' },
    ...{ m_top: 'manage_topics', r_top: 'read_topics' },
    ...{ p_msg: 'poll_messages', s_msg: 'send_messages' },
  },
  stream: {
    ...{ m_str: 'manage_stream', r_str: 'read_stream', m_top: 'manage_topics' },
    ...{ r_top: 'read_topics', p_msg: 'poll_messages', s_msg: 'send_messages' },
  },
  topic: {
    ...{ m_top: 'manage_topic', r_top: 'read_topic' },
    ...{ p_msg: 'poll_messages', s_msg: 'send_messages' },
  },
} as const;

type Level = keyof typeof shortNames;

/** Rights of one level as they are written: `a,b`; long and short names, or `all`. */
export type RightNames = readonly string[];

/** Rights on one stream and its topics, with the names that were typed. */
interface StreamGrantText {
  readonly stream: Identifier;
  readonly rights: RightNames;
  readonly topics: readonly { readonly topic: Identifier; readonly rights: RightNames }[];
}

/** Permissions as flags give them, before names of streams and topics became ids. */
export interface GrantTexts {
  readonly global: RightNames;
  readonly streams: readonly StreamGrantText[];
}

/**
 * Reads `--global a,b` and `--stream STREAM[:a,b][#TOPIC[:a,b]]…`, each of which may be repeated.
 *
 * @throws CliError E_USAGE that names the nearest permission
 */
export function parseGrants(global: readonly string[], streams: readonly string[]): GrantTexts {
  return {
    global: global.flatMap((text) => rightsOf('global', text)),
    streams: streams.map(streamGrant),
  };
}

function streamGrant(text: string): StreamGrantText {
  const [head = '', ...topics] = text.split('#');
  const { name, rights } = part('stream', head);
  return {
    stream: parseIdentifier(name, '--stream'),
    rights,
    topics: topics.map((each) => {
      const topic = part('topic', each);
      return { topic: parseIdentifier(topic.name, '--stream'), rights: topic.rights };
    }),
  };
}

/** `NAME[:rights]`; the prefixes `id:` and `name:` belong to the name. */
function part(level: Level, text: string) {
  const prefix = /^(?:id|name):/.exec(text)?.[0] ?? '';
  const at = text.indexOf(':', prefix.length);
  const name = at < 0 ? text : text.slice(0, at);
  if (name === '' || name === prefix) {
    throw usageError(`--stream: a ${level} is missing`, 'write STREAM:right,…#TOPIC:right,…');
  }
  return { name, rights: at < 0 ? [] : rightsOf(level, text.slice(at + 1)) };
}

function rightsOf(level: Level, text: string): RightNames {
  const names: Readonly<Record<string, string>> = shortNames[level];
  const long = Object.values(names);
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .flatMap((word) => {
      if (word === 'all') return long;
      const found = names[word] ?? long.find((each) => each === word);
      if (found !== undefined) return [found];
      const near = nearest(word, [...long, ...Object.keys(names)]);
      const help = near === undefined ? `known: ${long.join(', ')}` : `did you mean ${near}?`;
      throw usageError(`there is no ${level} permission "${word}"; ${help}`);
    });
}

/** Rights with those that are named. */
export function globalRights(names: RightNames): GlobalPermissions {
  return {
    ...{ manage_servers: names.includes('manage_servers') },
    ...{ read_servers: names.includes('read_servers') },
    ...{ manage_users: names.includes('manage_users'), read_users: names.includes('read_users') },
    manage_streams: names.includes('manage_streams'),
    read_streams: names.includes('read_streams'),
    manage_topics: names.includes('manage_topics'),
    read_topics: names.includes('read_topics'),
    poll_messages: names.includes('poll_messages'),
    send_messages: names.includes('send_messages'),
  };
}

export function streamRights(names: RightNames): StreamRights {
  return {
    manage_stream: names.includes('manage_stream'),
    read_stream: names.includes('read_stream'),
    manage_topics: names.includes('manage_topics'),
    read_topics: names.includes('read_topics'),
    poll_messages: names.includes('poll_messages'),
    send_messages: names.includes('send_messages'),
  };
}

export function topicRights(names: RightNames): TopicRights {
  return {
    manage_topic: names.includes('manage_topic'),
    read_topic: names.includes('read_topic'),
    poll_messages: names.includes('poll_messages'),
    send_messages: names.includes('send_messages'),
  };
}

/** Names of the rights that are given. */
export function namesOf(rights: Readonly<Record<string, boolean>>): RightNames {
  return Object.entries(rights).flatMap(([name, has]) => (has ? [name] : []));
}

/** Permissions with nothing in them. */
export const noPermissions: Permissions = { global: globalRights([]), streams: [] };

/** `left` and `right` together, or `left` without what `right` names. */
export function combine(left: Permissions, right: Permissions, how: 'add' | 'remove'): Permissions {
  const join = (a: RightNames, b: RightNames): RightNames =>
    how === 'add' ? [...a, ...b] : a.filter((name) => !b.includes(name));
  const rightsIn = (all: Permissions, stream: number) =>
    all.streams.find((each) => each.stream_id === stream);
  const ids = [...new Set([...left.streams, ...right.streams].map((each) => each.stream_id))];
  const streams = ids.flatMap((stream_id): readonly StreamPermissions[] => {
    const [mine, other] = [rightsIn(left, stream_id), rightsIn(right, stream_id)];
    if (mine === undefined && how === 'remove') return [];
    const topicIds = [
      ...new Set([...(mine?.topics ?? []), ...(other?.topics ?? [])].map((each) => each.topic_id)),
    ];
    const rightsOfTopic = (side: StreamPermissions | undefined, topic: number) =>
      namesOf({ ...side?.topics.find((each) => each.topic_id === topic)?.permissions });
    const topics = topicIds
      .map((topic_id) => ({
        topic_id,
        permissions: topicRights(
          join(rightsOfTopic(mine, topic_id), rightsOfTopic(other, topic_id)),
        ),
      }))
      .filter((each) => namesOf({ ...each.permissions }).length > 0);
    const permissions = streamRights(
      join(namesOf({ ...mine?.permissions }), namesOf({ ...other?.permissions })),
    );
    const isEmpty = namesOf({ ...permissions }).length === 0 && topics.length === 0;
    return isEmpty ? [] : [{ stream_id, permissions, topics }];
  });
  const global = globalRights(join(namesOf({ ...left.global }), namesOf({ ...right.global })));
  return { global, streams };
}
