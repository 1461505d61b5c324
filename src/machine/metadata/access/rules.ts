import { type Grants, globalRight as g, streamRight as s, topicRight as t } from './grants.js';

/** A rule passes when any one of its rights is granted; nothing ever denies. */
export interface AccessRule {
  readonly global: number;
  readonly stream: number;
  readonly topic: number;
}

const readTopicGlobal = g.manage_streams | g.read_streams | g.manage_topics | g.read_topics;
const readTopicStream = s.manage_stream | s.read_stream | s.manage_topics | s.read_topics;
const manageTopicGlobal = g.manage_streams | g.manage_topics;
const manageTopicStream = s.manage_stream | s.manage_topics;

/** Who may do what. @source Iggy server, permission rules */
export const accessRules = {
  serverInfo: { global: g.manage_servers | g.read_servers, stream: 0, topic: 0 },
  readUsers: { global: g.manage_users | g.read_users, stream: 0, topic: 0 },
  manageUsers: { global: g.manage_users, stream: 0, topic: 0 },
  createStream: { global: g.manage_streams, stream: 0, topic: 0 },
  listStreams: { global: g.manage_streams | g.read_streams, stream: 0, topic: 0 },
  getStream: {
    global: g.manage_streams | g.read_streams,
    stream: s.manage_stream | s.read_stream,
    topic: 0,
  },
  manageStream: { global: g.manage_streams, stream: s.manage_stream, topic: 0 },
  listTopics: { global: readTopicGlobal, stream: readTopicStream, topic: 0 },
  getTopic: {
    global: readTopicGlobal,
    stream: readTopicStream,
    topic: t.manage_topic | t.read_topic,
  },
  createTopic: { global: manageTopicGlobal, stream: manageTopicStream, topic: 0 },
  manageTopic: { global: manageTopicGlobal, stream: manageTopicStream, topic: t.manage_topic },
  poll: {
    global: g.poll_messages | readTopicGlobal,
    stream: s.poll_messages | readTopicStream,
    topic: t.manage_topic | t.read_topic | t.poll_messages,
  },
  append: {
    global: g.send_messages | manageTopicGlobal,
    stream: s.send_messages | manageTopicStream,
    topic: t.manage_topic | t.send_messages,
  },
} as const satisfies Record<string, AccessRule>;

/** What the rule is asked about; ids that do not apply are left out. */
export interface AccessScope {
  readonly stream?: number;
  readonly topic?: number;
}

/** Topic grants are reachable only through the grant of their stream. */
export function isAllowed(
  grants: Grants | undefined,
  rule: AccessRule,
  scope: AccessScope = {},
): boolean {
  if (grants === undefined) return false;
  if ((grants.global & rule.global) !== 0) return true;
  if (scope.stream === undefined) return false;
  const stream = grants.streams?.get(scope.stream);
  if (stream === undefined) return false;
  if ((stream.rights & rule.stream) !== 0) return true;
  if (scope.topic === undefined) return false;
  return ((stream.topics?.get(scope.topic) ?? 0) & rule.topic) !== 0;
}
