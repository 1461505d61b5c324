import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/base/index.js';
import * as wire from '../../../src/wire/index.js';
import {
  commandByCode,
  commandCodeOfOperation,
  commandList,
  commands,
  decode,
  encode,
  isResultFramed,
  Operation,
  replicatedAs,
  replicatedBodyCodec,
  replyPayloadCodec,
  requestCodec,
  responseCodec,
} from '../../../src/wire/index.js';

describe('the registry of commands', () => {
  it('has 51 commands in the order of their codes', () => {
    const codes = commandList.map((each) => each.code);

    expect(codes).toHaveLength(51);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
  });

  it('agrees with the table of command codes', () => {
    for (const { code, name, dispatchName, operation } of commandList) {
      const info = wire.commandCodes.find((each) => each.code === code);
      expect(info).toMatchObject({ name, dispatchName, operation });
    }
    expect(wire.commandCodes).toHaveLength(commandList.length);
  });

  it('finds codecs by code', () => {
    expect(requestCodec(202)).toBe(commands.create_stream.request);
    expect(responseCodec(202)).toBe(commands.create_stream.response);
    expect(commandByCode(202)?.name).toBe('create_stream');
    expect(requestCodec(9999)).toBeUndefined();
    expect(responseCodec(9999)).toBeUndefined();
  });

  it('has its names under the names of the commands', () => {
    for (const [key, { name }] of Object.entries(commands)) expect(key).toBe(name);
  });

  it('knows which replies stand behind a result section', () => {
    for (const { framing, name, operation } of commandList) {
      const replicated = replicatedAs(operation);
      const framed =
        operation === Operation.Register ||
        (replicated !== undefined && isResultFramed(replicated));
      expect(framing, name).toBe(framed ? 'result' : 'none');
    }
  });
});

describe('bodies by operation', () => {
  it('exist for everything that can be in a log except logins and logouts', () => {
    const without = Object.entries(Operation)
      .filter(([, value]) => replicatedBodyCodec(value) === undefined)
      .map(([name]) => name);

    expect(without).toEqual([
      'Reserved',
      'Register',
      'NonReplicated',
      'Logout',
      'CreateTopic',
      'CreatePartitions',
      'DeleteSegments',
    ]);
    expect(replicatedBodyCodec(200)).toBeUndefined();
  });

  it('say which command caused them', () => {
    expect(commandCodeOfOperation(Operation.CreateStream)).toBe(202);
    expect(commandCodeOfOperation(Operation.SendMessages)).toBe(101);
    expect(commandCodeOfOperation(Operation.Logout)).toBe(39);
    expect(commandCodeOfOperation(Operation.Register)).toBeUndefined();
    expect(commandCodeOfOperation(Operation.NonReplicated)).toBeUndefined();
    expect(commandCodeOfOperation(Operation.TruncatePartition)).toBeUndefined();
  });

  it('are answered under the number of the replicated form', () => {
    expect(replyPayloadCodec(Operation.CreateTopicWithAssignments)).toBe(
      commands.create_topic.response,
    );
    expect(replyPayloadCodec(Operation.CreatePartitionsWithAssignments)).toBe(
      commands.create_partitions.response,
    );
    expect(replyPayloadCodec(Operation.TruncatePartition)).toBe(commands.delete_segments.response);
    expect(replyPayloadCodec(Operation.Register)).toBe(commands.login_register.response);
    expect(replyPayloadCodec(Operation.CreateStream)).toBe(commands.create_stream.response);
    expect(replyPayloadCodec(Operation.NonReplicated)).toBeUndefined();
    expect(replyPayloadCodec(Operation.RemoveConsumerGroupMember)).toBeUndefined();
  });
});

describe('secrets', () => {
  it('are marked wherever a body holds a password or a token', () => {
    const bodies: readonly (readonly [wire.Codec<unknown>, string, string])[] = [
      [
        commands.login_register.request,
        '002c000001730131046967677904733363720000000000',
        'password',
      ],
      [commands.login_register_with_pat.request, '002c00000173013103746f6b00000000', 'token'],
      [commands.login_user.request, '046967677904733363720000000000000000', 'password'],
      [commands.login_with_personal_access_token.request, '03746f6b', 'token'],
      [commands.create_user.request, '03626f62037077330100', 'password'],
      [commands.change_password.request, '010407000000036f6c64056e65776572', 'new_password'],
      [commands.change_password.request, '010407000000036f6c64056e65776572', 'current_password'],
      [commands.create_personal_access_token.response, '03746f6b', 'token'],
    ];

    for (const [codec, hex, path] of bodies) {
      const { spans } = wire.annotate(codec, fromHex(hex));
      const found = spans.find((span) => span.path === path);
      expect(found?.secret, `${codec.type}.${path}`).toBe(true);
    }
  });
});

describe('requests with a last byte that official clients never set', () => {
  it('carry it', () => {
    const { request } = commands.flush_unsaved_buffer;
    const value = { stream_id: 1, topic_id: 2, partition_id: 3, fsync: true };

    expect(toHex(encode(request, value))).toBe('0104010000000104020000000300000001');
    expect(decode(request, encode(request, value))).toEqual(value);
  });
});

describe('lists whose length is in a record', () => {
  const { response } = commands.get_topic;
  const topic = decode(
    response,
    fromHex(
      `00000000${'00'.repeat(8)}00000000${'00'.repeat(8)}01${'00'.repeat(24)}0174${'00'.repeat(8)}`,
    ),
  );

  it('must agree with it', () => {
    expect(topic).toMatchObject({ name: 't', partitions: [] });
    expect(() => encode(response, topic && { ...topic, partitions_count: 1 })).toThrow(
      /partitions/,
    );
  });

  it('do not allocate for a count that the bytes cannot hold', () => {
    const bytes = encode(response, topic);
    bytes.fill(0xff, 12, 16);

    expect(() => decode(response, bytes)).toThrow(/needs/);
  });
});
