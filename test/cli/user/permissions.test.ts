// The grammar of permissions, what is done with two of them, and the rules that `user can` follows.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  combine,
  globalRights,
  namesOf,
  noPermissions,
  parseGrants,
  streamRights,
  topicRights,
} from '../../../src/cli/user/permission-grammar.js';
import { actionOf, judge } from '../../../src/cli/user/permission-rules.js';
import { permissionChanges, rightLines } from '../../../src/cli/user/permission-view.js';
import { grantsOf } from '../../../src/machine/metadata/access/grants.js';
import { accessRules, isAllowed } from '../../../src/machine/metadata/access/rules.js';
import type { Permissions } from '../../../src/wire/index.js';

describe('the grammar', () => {
  test('takes long and short names, streams and topics', () => {
    const grants = parseGrants(['r_str,send_messages'], ['shop:r_str#orders:p_msg,s_msg#2', '7']);
    expect(grants.global).toEqual(['read_streams', 'send_messages']);
    expect(grants.streams).toEqual([
      {
        ...{ stream: 'shop', rights: ['read_stream'] },
        topics: [
          { topic: 'orders', rights: ['poll_messages', 'send_messages'] },
          { topic: 2, rights: [] },
        ],
      },
      { stream: 7, rights: [], topics: [] },
    ]);
    expect(parseGrants([], ['name:12:all']).streams[0]).toMatchObject({ stream: '12' });
    expect(parseGrants(['all'], []).global).toHaveLength(10);
  });

  test('names the nearest permission of that level', () => {
    expect(() => parseGrants(['read_stream'], [])).toThrow(/global.*did you mean read_streams/);
    expect(() => parseGrants([], ['s:manage_servers'])).toThrow(/stream permission/);
    expect(() => parseGrants([], [':read_stream'])).toThrow(/a stream is missing/);
  });
});

const rights = fc.record({
  global: fc.subarray(namesOf({ ...mapTrue(globalRights([])) }) as string[]),
  streams: fc.uniqueArray(
    fc.record({
      stream_id: fc.integer({ min: 0, max: 3 }),
      rights: fc.subarray(namesOf(mapTrue(streamRights([]))) as string[]),
      topics: fc.uniqueArray(
        fc.record({
          topic_id: fc.integer({ min: 0, max: 3 }),
          rights: fc.subarray(namesOf(mapTrue(topicRights([]))) as string[]),
        }),
        { selector: (each) => each.topic_id, maxLength: 3 },
      ),
    }),
    { selector: (each) => each.stream_id, maxLength: 3 },
  ),
});

function mapTrue(flags: object): Record<string, boolean> {
  return Object.fromEntries(Object.keys(flags).map((name) => [name, true]));
}

const permissions: fc.Arbitrary<Permissions> = rights.map(({ global, streams }) => ({
  global: globalRights(global),
  streams: streams.map((stream) => ({
    stream_id: stream.stream_id,
    permissions: streamRights(stream.rights),
    topics: stream.topics.map((topic) => ({
      topic_id: topic.topic_id,
      permissions: topicRights(topic.rights),
    })),
  })),
}));

describe('two sets of permissions', () => {
  test('adding gives both, removing what is left', () => {
    fc.assert(
      fc.property(permissions, permissions, (left, right) => {
        const [a, b] = [new Set(rightLines(left)), new Set(rightLines(right))];
        expect(new Set(rightLines(combine(left, right, 'add')))).toEqual(new Set([...a, ...b]));
        const rest = [...a].filter((line) => !b.has(line));
        expect(new Set(rightLines(combine(left, right, 'remove')))).toEqual(new Set(rest));
        expect(rightLines(combine(left, left, 'remove'))).toEqual([]);
        expect(permissionChanges(left, left)).toEqual([]);
        expect(rightLines(combine(noPermissions, left, 'add')).length).toBe(a.size);
      }),
    );
  });
});

describe('user can', () => {
  const ruleOf = {
    stats: accessRules.serverInfo,
    'user.list': accessRules.readUsers,
    'user.create': accessRules.manageUsers,
    'stream.create': accessRules.createStream,
    'stream.list': accessRules.listStreams,
    'stream.get': accessRules.getStream,
    'stream.delete': accessRules.manageStream,
    'topic.list': accessRules.listTopics,
    'topic.get': accessRules.getTopic,
    'topic.create': accessRules.createTopic,
    'topic.delete': accessRules.manageTopic,
    'message.poll': accessRules.poll,
    'message.send': accessRules.append,
  };

  test('judges as servers do', () => {
    const scope = fc.record({
      streamId: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      topicId: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    });
    const action = fc.constantFrom(...Object.entries(ruleOf));
    fc.assert(
      fc.property(permissions, scope, action, (given, { streamId, topicId }, [name, rule]) => {
        const where = {
          ...(streamId === undefined ? {} : { stream: streamId }),
          ...(streamId === undefined || topicId === undefined ? {} : { topic: topicId }),
        };
        expect(judge(actionOf(name), given, { streamId, topicId }).allowed).toBe(
          isAllowed(grantsOf(given), rule, where),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('knows commands that need nothing, and names that do not exist', () => {
    expect(judge(actionOf('ping'), null, {}).allowed).toBe(true);
    expect(judge(actionOf('consumer-group.sync'), null, {}).allowed).toBe(true);
    expect(() => actionOf('send')).toThrow(/did you mean message.send/);
    expect(() => actionOf('stream.crate')).toThrow(/did you mean stream.create/);
  });
});
