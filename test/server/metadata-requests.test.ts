import { describe, expect, test } from 'vitest';
import { encodeUtf8, toHex } from '../../src/base/index.js';
import type { ProposalOutcome } from '../../src/consensus/index.js';
import {
  blake3,
  commands,
  decode,
  encode,
  Operation,
  parseFrameAs,
  replicatedCreateAccessToken,
  replicatedDeleteAccessToken,
  replicatedJoinConsumerGroup,
  replicatedLeaveConsumerGroup,
  truncatePartition,
  xxh3,
} from '../../src/wire/index.js';
import { answerOf, evict, payloadOf, result, status } from './harness/answers.js';
import { committed, resultBody } from './harness/committed-reply.js';
import { commandFrame, loginFrame, requestFrame, X } from './harness/requests.js';
import { only, ScriptNode } from './harness/script-node.js';

function bound(config = {}): ScriptNode {
  const node = new ScriptNode(config);
  node.open(1);
  node.login(1, loginFrame(), 9);
  return node;
}

const at = { session: 9, request: 4 } as const;

/** Sends a mutation and gives back the answer to an outcome of consensus. */
function answered(frame: Uint8Array, outcome: ProposalOutcome) {
  const node = bound();
  node.send(1, frame);
  node.decide(outcome);
  return only(node.taken(1));
}

const createStream = commandFrame('create_stream', { name: 'a', options: [] }, at);

describe('what consensus decides', () => {
  test('a committed reply is passed on byte for byte', () => {
    const node = bound();
    node.send(1, createStream);
    const [proposal] = node.proposals;
    if (proposal === undefined) throw new Error('nothing proposed');
    const outcome = committed(proposal, 11, resultBody());
    node.decide(outcome);

    expect(outcome.kind === 'committed' && node.taken(1)).toEqual([
      outcome.kind === 'committed' && outcome.reply,
    ]);
  });

  test('a proposal carries session, number, stamp and body of the client', () => {
    const node = bound();
    const frame = commandFrame('create_stream', { name: 'a', options: [] }, { ...at, stamp: true });
    node.send(1, frame);

    expect(only(node.proposals)).toMatchObject({
      source: 'client',
      operation: Operation.CreateStream,
      client: X,
      session: 9,
      request: 4n,
      requestChecksum: xxh3(frame.subarray(256)),
      userId: 0,
      body: frame.subarray(256),
    });
  });

  test('04-S28 a duplicate gets the cached bytes', () => {
    const reply = new Uint8Array(300).fill(7);

    expect(answered(createStream, { kind: 'duplicate', reply })).toBe(reply);
  });

  test.each([57, 58, 59, 3])('04-S33 04-S43 a refusal with %i is a result', (code) => {
    const frame = answered(createStream, { kind: 'refused', code });

    expect(answerOf(frame)).toMatchObject({ ...result(code), operation: Operation.CreateStream });
    expect(parseFrameAs('Reply', frame).header).toMatchObject({
      client: X,
      op: 10n,
      commit: 10n,
      request: 4n,
    });
  });

  test('a denial is a status from the connection', () => {
    const frame = answered(createStream, { kind: 'denied', status: 2015 });

    expect(answerOf(frame)).toMatchObject(status(2015));
    expect(parseFrameAs('Reply', frame).header).toMatchObject({ client: 1n, op: 0n, commit: 10n });
  });

  test.each([1, 7, 12])('an eviction with reason %i names the bound client', (reason) => {
    expect(answerOf(answered(createStream, { kind: 'evicted', reason }))).toMatchObject({
      ...evict(reason),
      client: X,
    });
  });
});

describe('what is decided before consensus', () => {
  const denied: readonly [string, Uint8Array, number][] = [
    ['an undecodable body', requestFrame(Operation.CreateStream, Uint8Array.of(9), at), 3],
    ['an undecodable join', requestFrame(Operation.JoinConsumerGroup, Uint8Array.of(9), at), 3],
    ['an undecodable leave', requestFrame(Operation.LeaveConsumerGroup, Uint8Array.of(9), at), 3],
    ['an undecodable token', requestFrame(Operation.CreatePersonalAccessToken, undefined, at), 3],
    ['an undecodable user', requestFrame(Operation.CreateUser, Uint8Array.of(0), at), 3],
    ['an undecodable password', requestFrame(Operation.ChangePassword, Uint8Array.of(0), at), 3],
    ['04-S79 undecodable segments', requestFrame(Operation.DeleteSegments, undefined, at), 3],
    [
      'too many partitions',
      commandFrame(
        'create_topic',
        { stream_id: 0, name: 't', partitions_count: 1_001, options: [] },
        at,
      ),
      2015,
    ],
  ];
  test.each(denied)('%s is a status and nothing is proposed', (_name, frame, code) => {
    const node = bound();

    expect(answerOf(node.ask(1, frame))).toMatchObject(status(code));
    expect(node.proposals).toEqual([]);
  });

  test('join and leave carry the bound client', () => {
    const node = bound();
    const target = { stream_id: 's', topic_id: 't', group_id: 'g' };
    node.send(1, commandFrame('join_consumer_group', target, at));
    const join = node.decide({ kind: 'refused', code: 58 });
    node.send(1, commandFrame('leave_consumer_group', target, at));
    const leave = node.decide({ kind: 'refused', code: 58 });

    expect(decode(replicatedJoinConsumerGroup, join.body)).toEqual({
      ...target,
      client_id: X,
      in_flight: [],
    });
    expect(decode(replicatedLeaveConsumerGroup, leave.body)).toEqual({ ...target, client_id: X });
  });

  test('segments of a missing topic are replicated with offset 0', () => {
    const node = bound();
    const target = { stream_id: 's', topic_id: 't', partition_id: 1, segments_count: 2 };
    node.send(1, commandFrame('delete_segments', target, at));

    const proposal = only(node.proposals);
    expect(proposal).toMatchObject({ operation: Operation.TruncatePartition, request: 4n });
    expect(decode(truncatePartition, proposal.body)).toEqual({
      stream_id: 's',
      topic_id: 't',
      partition_id: 1,
      up_to_offset: 0n,
    });
    node.decide({ kind: 'refused', code: 58 });
    expect(node.taken(1).map(answerOf)).toMatchObject([
      { ...result(58), operation: Operation.TruncatePartition },
    ]);
  });
});

describe('access tokens', () => {
  const create = commandFrame('create_personal_access_token', { name: 't', expiry: 5n }, at);

  test('the secret is drawn here, only its hash is proposed, and the success tells it', () => {
    const node = bound();
    node.send(1, create);
    const proposal = only(node.proposals);
    const body = decode(replicatedCreateAccessToken, proposal.body);
    node.decide(committed(proposal, 33, resultBody()));

    const frame = only(node.taken(1));
    const { token } = payloadOf(commands.create_personal_access_token.response, frame);
    expect(token).toHaveLength(68);
    expect(body).toEqual({
      user_id: 0,
      name: 't',
      expiry: 5n,
      token_hash: toHex(blake3(encodeUtf8(token))),
    });
    expect(parseFrameAs('Reply', frame).header).toMatchObject({
      client: X,
      op: 9n,
      commit: 33n,
      operation: Operation.CreatePersonalAccessToken,
      request: 4n,
    });
  });

  test('a committed rejection is passed on as it is', () => {
    const node = bound();
    node.send(1, create);
    node.decide(committed(only(node.proposals), 33, resultBody(51)));

    expect(node.taken(1).map(answerOf)).toMatchObject([result(51)]);
  });

  test('04-S41 a replay is refused with 51 and tells no secret', () => {
    expect(answerOf(answered(create, { kind: 'refused', code: 51 }))).toMatchObject(result(51));
  });

  test('04-S18 the limit comes before everything else', () => {
    const node = bound({ maxTokensPerUser: 0 });

    expect(answerOf(node.ask(1, create))).toMatchObject(status(52));
  });

  test('a delete names the caller', () => {
    const node = bound();
    node.send(1, commandFrame('delete_personal_access_token', { name: 't' }, at));

    expect(decode(replicatedDeleteAccessToken, only(node.proposals).body)).toEqual({
      user_id: 0,
      name: 't',
      only_if_expired: false,
    });
  });
});

describe('passwords', () => {
  const loginAnd = (kind: string) => ['verify-password', kind];
  const change = (current_password: string, user_id: number | string = 'iggy') =>
    commandFrame('change_password', { user_id, current_password, new_password: 'fresh' }, at);

  test('of a new user is hashed and everything else stays', () => {
    const node = bound();
    const user = {
      username: 'alice',
      password: 'secret',
      status: 1,
      permissions: null,
      options: [],
    } as const;
    node.send(1, commandFrame('create_user', user, { ...at, stamp: true }));

    const proposal = only(node.proposals);
    expect(decode(commands.create_user.request, proposal.body)).toEqual({
      ...user,
      password: 'phc:secret',
    });
    const sent = encode(commands.create_user.request, user);
    expect(proposal.requestChecksum).toBe(xxh3(sent));
  });

  test('a change with the right current password proposes the hash of the new one', () => {
    const node = bound();
    node.send(1, change('iggy'));

    expect(decode(commands.change_password.request, only(node.proposals).body)).toEqual({
      user_id: 'iggy',
      current_password: '',
      new_password: 'phc:fresh',
    });
  });

  test('04-S42 a wrong current password is proposed as an empty new one', () => {
    const node = bound();
    node.send(1, change('wrong'));

    expect(decode(commands.change_password.request, only(node.proposals).body)).toEqual({
      user_id: 'iggy',
      current_password: '',
      new_password: '',
    });
    expect(node.passwordJobs.map((job) => job.kind)).toEqual(loginAnd('verify-password'));
  });

  test('a missing target costs a hash all the same', () => {
    const node = bound();
    node.send(1, change('wrong', 77));

    expect(node.passwordJobs.map((job) => job.kind)).toEqual(loginAnd('hash-password'));
    expect(decode(commands.change_password.request, only(node.proposals).body)).toMatchObject({
      user_id: 77,
      new_password: 'phc:fresh',
    });
  });

  test('nothing is proposed for a socket that closed while hashing', () => {
    const node = bound();
    node.holdPasswords = true;
    node.send(1, change('iggy'));
    node.close(1);
    const logout = node.decide({ kind: 'logged-out', commit: 12 });
    const [job] = node.passwordJobs;
    if (job === undefined) throw new Error('no job');
    node.holdPasswords = false;
    node.answerPassword(job);

    expect(logout.operation).toBe(Operation.Logout);
    expect(node.proposals).toEqual([]);
  });
});

test('requests of a connection that never logged in are evicted', () => {
  const node = new ScriptNode();
  node.open(3);
  for (const operation of [128, 138, 160, 161]) {
    const frame = requestFrame(operation, undefined, at);
    expect(answerOf(node.ask(3, frame))).toMatchObject({ ...evict(1), client: 3n });
  }
});
