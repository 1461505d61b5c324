import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../src/base/index.js';
import {
  canonicalPermissions,
  commands,
  decode,
  encode,
  type Permissions,
  permissions,
} from '../../../../src/wire/index.js';

const none = '00'.repeat(10);

function withStreams(...ids: readonly number[]): Permissions {
  const { global } = decode(permissions, fromHex(`${none}00`));
  const rights = {
    manage_stream: false,
    read_stream: false,
    manage_topics: false,
    read_topics: false,
    poll_messages: false,
    send_messages: false,
  };
  const streams = ids.map((stream_id, place) => ({
    stream_id,
    permissions: { ...rights, read_stream: place % 2 === 0 },
    topics: [],
  }));
  return { global, streams };
}

describe('permissions', () => {
  it('have 11 bytes without streams, 12 more for a stream and 9 for a topic', () => {
    const streams = withStreams(1);
    const [stream] = streams.streams;
    const rights = {
      manage_topic: true,
      read_topic: false,
      poll_messages: false,
      send_messages: false,
    };
    const withTopic: Permissions = {
      ...streams,
      streams: stream ? [{ ...stream, topics: [{ topic_id: 2, permissions: rights }] }] : [],
    };

    expect(encode(permissions, withStreams())).toHaveLength(11);
    expect(encode(permissions, streams)).toHaveLength(11 + 12);
    expect(encode(permissions, withTopic)).toHaveLength(11 + 12 + 9);
  });

  it('take every nonzero byte as true', () => {
    const value = decode(permissions, fromHex(`ff02${'00'.repeat(8)}00`));

    expect(value.global).toMatchObject({ manage_servers: true, read_servers: true });
    expect(toHex(encode(permissions, value))).toBe(`0101${'00'.repeat(8)}00`);
  });

  it('keep order and duplicates of the wire until they are put in order', () => {
    const value = decode(permissions, encode(permissions, withStreams(9, 3, 9)));
    const ordered = canonicalPermissions(value).streams;

    expect(value.streams.map((each) => each.stream_id)).toEqual([9, 3, 9]);
    expect(ordered.map((each) => each.stream_id)).toEqual([3, 9]);
    expect(ordered[1]?.permissions.read_stream).toBe(true);
  });
});

describe('the permissions of a user', () => {
  const { response } = commands.get_user;
  const record = '0700000000000000000000000101610000' + '0000';

  it('are four zero bytes when there are none, whatever the last three are', () => {
    expect(decode(response, fromHex(`${record}00000000`))?.permissions).toBeNull();
    expect(decode(response, fromHex(`${record}00ffffff`))?.permissions).toBeNull();
  });

  it('are there after any nonzero byte', () => {
    const body = fromHex(`${record}05${'0b000000'}${none}00`);

    expect(decode(response, body)?.permissions?.streams).toEqual([]);
  });
});

describe('permissions in a request', () => {
  const { request } = commands.update_permissions;

  it('are absent unless the flag is exactly 1', () => {
    expect(decode(request, fromHex('01040700000000')).permissions).toBeNull();
    expect(
      decode(request, fromHex('01040700000002'), { allowTrailing: true }).permissions,
    ).toBeNull();
  });

  it('must have the length they say', () => {
    const body = (length: string) => fromHex(`01040700000001${length}${none}00`);

    expect(decode(request, body('0b000000')).permissions).not.toBeNull();
    expect(() => decode(request, body('0a000000'))).toThrow();
    expect(() => decode(request, body('0c000000'))).toThrow();
  });
});
