import { describe, expect, test } from 'vitest';
import { encodeUtf8, getU32, toHex } from '../../src/base/index.js';
import {
  blake3,
  encode,
  Operation,
  parseFrameAs,
  replicatedCreateAccessToken,
} from '../../src/wire/index.js';
import { answerOf, evict, loginOf, result, status } from './harness/answers.js';
import {
  loginBody,
  loginFrame,
  readFrame,
  requestFrame,
  tokenLoginFrame,
  X,
} from './harness/requests.js';
import { dummyHash, ScriptNode } from './harness/script-node.js';
import { addUser, deleteUser } from './harness/users.js';

function opened(): ScriptNode {
  const node = new ScriptNode();
  node.open(1);
  return node;
}

/** Adds an access token to the applied metadata. */
function addToken(node: ScriptNode, userId: number, token: string, expiry = 0n): void {
  const token_hash = toHex(blake3(encodeUtf8(token)));
  node.machine.apply({
    op: 2,
    operation: Operation.CreatePersonalAccessToken,
    client: 1n,
    userId,
    request: 1n,
    timestamp: 1_000,
    body: encode(replicatedCreateAccessToken, { user_id: userId, name: 't', expiry, token_hash }),
  });
}

describe('login with a password', () => {
  test('04-S01 ping is answered before login', () => {
    const frame = opened().ask(1, readFrame(1));

    expect(answerOf(frame)).toMatchObject({ kind: 'ok', operation: Operation.NonReplicated });
    expect(frame).toHaveLength(256);
  });

  test('04-S02 correct credentials give the session that was registered', () => {
    const frame = opened().login(1, loginFrame(), 12);

    expect(loginOf(frame)).toEqual({ userId: 0, session: 12 });
    const { header } = parseFrameAs('Reply', frame);
    expect(header).toMatchObject({ operation: 1, request: 0n, client: X, op: 12n, commit: 12n });
  });

  test('04-S03 a wrong password is evicted and nothing is proposed', () => {
    const node = opened();

    expect(answerOf(node.ask(1, loginFrame({ password: 'wrong' })))).toMatchObject({
      ...evict(9),
      client: X,
    });
    expect(node.proposals).toEqual([]);
  });

  test('04-S04 an unknown user costs one verification against the dummy hash', () => {
    const node = opened();

    expect(answerOf(node.ask(1, loginFrame({ username: 'nobody' })))).toMatchObject(evict(9));
    expect(node.passwordJobs).toMatchObject([{ kind: 'verify-password', phc: dummyHash }]);
  });

  test('a user who is deleted while the session is registered is refused, and the session ends', () => {
    const node = opened();
    const userId = addUser(node, 'alice', 'secret');
    node.send(1, loginFrame({ username: 'alice', password: 'secret' }));
    expect(node.proposals).toMatchObject([{ operation: Operation.Register, userId }]);
    deleteUser(node, 'alice');

    node.decide({ kind: 'registered', session: 30, watermark: 0n, origin: 30 });

    expect(node.taken(1).map(answerOf)).toMatchObject([evict(9)]);
    expect(node.proposals).toMatchObject([{ operation: Operation.Logout, client: X, session: 30 }]);
  });

  test('04-S05 an inactive user with the right password looks like a wrong password', () => {
    const node = opened();
    addUser(node, 'alice', 'secret', false);

    const frame = loginFrame({ username: 'alice', password: 'secret' });
    expect(answerOf(node.ask(1, frame))).toMatchObject(evict(9));
    expect(node.passwordJobs).toHaveLength(1);
  });

  test('04-S07 a connection that was refused can log in afterwards', () => {
    const node = opened();
    node.ask(1, loginFrame({ password: 'wrong' }));

    expect(loginOf(node.login(1, loginFrame(), 5))).toEqual({ userId: 0, session: 5 });
  });

  test.each([
    ['u2', { username: 'ab' }],
    ['u51', { username: 'a'.repeat(51) }],
    ['p2', { password: 'ab' }],
    ['p101', { password: 'a'.repeat(101) }],
  ])('04-S14 a length out of bounds (%s) is refused without any verification', (_name, fields) => {
    const node = opened();

    expect(answerOf(node.ask(1, loginFrame(fields)))).toMatchObject(evict(9));
    expect(node.passwordJobs).toEqual([]);
  });

  test('a password that changes while it is verified does not log in', () => {
    const node = opened();
    addUser(node, 'alice', 'secret');
    node.holdPasswords = true;
    node.send(1, loginFrame({ username: 'alice', password: 'secret' }));
    const [job] = node.passwordJobs;
    if (job === undefined) throw new Error('no verification');
    node.machine.apply({
      op: 3,
      operation: Operation.ChangePassword,
      client: 1n,
      userId: 0,
      request: 1n,
      timestamp: 3,
      body: Uint8Array.of(2, 5, ...encodeUtf8('alice'), 0, 5, ...encodeUtf8('phc:x')),
    });

    node.answerPassword(job);

    expect(node.taken(1).map(answerOf)).toMatchObject([evict(9)]);
  });

  test('a login whose connection is gone before its turn is not verified', () => {
    const node = new ScriptNode({ maxPasswordJobs: 1 });
    node.holdPasswords = true;
    for (const id of [1, 2, 3, 4]) {
      node.open(id);
      node.send(id, loginFrame({ client: BigInt(id) }));
    }
    node.close(2);
    node.close(3);
    for (let i = 0; i < 2; i++) {
      const job = node.passwordJobs[i];
      if (job !== undefined) node.answerPassword(job);
    }

    expect(node.passwordJobs).toHaveLength(2);
    expect(node.proposals.map(({ client }) => client)).toEqual([1n, 4n]);
  });

  test('more verifications than allowed wait for a free place and are all answered', () => {
    const node = new ScriptNode({ maxPasswordJobs: 2 });
    node.holdPasswords = true;
    for (const id of [1, 2, 3]) {
      node.open(id);
      node.send(id, loginFrame({ password: 'wrong' }));
    }
    expect(node.passwordJobs).toHaveLength(2);

    for (let i = 0; i < 3; i++) {
      const job = node.passwordJobs[i];
      if (job !== undefined) node.answerPassword(job);
    }

    expect(node.passwordJobs).toHaveLength(3);
    for (const id of [1, 2, 3]) expect(node.taken(id).map(answerOf)).toMatchObject([evict(9)]);
  });
});

describe('the version gate and malformed logins', () => {
  test('04-S08 a version outside the window is evicted with the window', () => {
    const frame = opened().ask(1, loginFrame({ version: 0, password: 'x' }));

    expect(answerOf(frame)).toMatchObject({ ...evict(14), client: X });
    expect(getU32(frame, 144)).toBe(11_264);
    expect(getU32(frame, 148)).toBe(11_264);
  });

  test.each([
    [11_263, false],
    [11_264, true],
    [12_287, true],
    [12_288, false],
  ])('version %i is accepted: %s', (version, accepted) => {
    const node = opened();
    node.send(1, loginFrame({ version }));

    expect(node.proposals).toHaveLength(accepted ? 1 : 0);
  });

  test('04-S09 an empty body is malformed and names no window', () => {
    const frame = opened().ask(1, requestFrame(Operation.Register));

    expect(answerOf(frame)).toMatchObject(evict(15));
    expect(getU32(frame, 144)).toBe(0);
    expect(getU32(frame, 148)).toBe(0);
  });

  test('a prefix without credentials is malformed', () => {
    const body = loginBody().subarray(0, 21);

    expect(answerOf(opened().ask(1, requestFrame(Operation.Register, body)))).toMatchObject(
      evict(15),
    );
  });

  test.each([38, 40, 44, 45])(
    '04-S10 04-S11 login code %i as a read is malformed before login',
    (code) => {
      expect(answerOf(opened().ask(1, readFrame(code)))).toMatchObject({ ...evict(15), client: X });
    },
  );

  test.each([38, 40, 44, 45])('04-S12 login code %i as a read is malformed after login', (code) => {
    const node = opened();
    node.login(1, loginFrame(), 4);

    expect(answerOf(node.ask(1, readFrame(code)))).toMatchObject(evict(15));
  });

  test('04-S13 a register with a session is answered with status 3', () => {
    expect(answerOf(opened().ask(1, loginFrame({ session: 1 })))).toMatchObject(status(3));
  });

  test('04-S19 a wrong stamp is refused before anything else, no stamp is accepted', () => {
    const node = opened();
    expect(answerOf(node.ask(1, loginFrame({ stamp: 99n })))).toMatchObject(status(4));

    expect(loginOf(node.login(1, loginFrame({ stamp: true }), 3))).toEqual({
      userId: 0,
      session: 3,
    });
  });

  test('a client id of the range that belongs to servers is refused', () => {
    const client = (0xffff_ffff_ffff_ffffn << 64n) | 5n;

    expect(answerOf(opened().ask(1, loginFrame({ client })))).toMatchObject(evict(12));
  });
});

describe('login with an access token', () => {
  const token = 'A'.repeat(68);

  test('04-S15 a token without expiry logs its owner in', () => {
    const node = opened();
    const user = addUser(node, 'alice', 'secret');
    addToken(node, user, token);

    const login = loginOf(node.login(1, tokenLoginFrame(token), 7));
    expect(login).toEqual({ userId: user, session: 7 });
  });

  test('04-S06 a token of an inactive user is refused as inactive', () => {
    const node = opened();
    addToken(node, addUser(node, 'alice', 'secret', false), token);

    expect(answerOf(node.ask(1, tokenLoginFrame(token)))).toMatchObject(evict(11));
  });

  test('04-S16 a token that expires now is refused', () => {
    const node = opened();
    addToken(node, 0, token, BigInt(node.now) - 1_000n);

    expect(answerOf(node.ask(1, tokenLoginFrame(token)))).toMatchObject(evict(10));
    node.now -= 1;
    node.send(1, tokenLoginFrame(token));
    expect(node.proposals).toHaveLength(1);
  });

  test('04-S17 an unknown token is refused', () => {
    expect(answerOf(opened().ask(1, tokenLoginFrame(token)))).toMatchObject(evict(10));
  });

  test('04-S20 a context of 300 bytes does not turn a token into a password', () => {
    const node = opened();
    addToken(node, 0, token);
    node.send(1, tokenLoginFrame(token, { context: 'c'.repeat(300) }));

    expect(node.passwordJobs).toEqual([]);
    expect(node.proposals).toMatchObject([{ operation: Operation.Register, userId: 0 }]);
  });

  test('trailing bytes are ignored when neither form uses all of the body', () => {
    const node = opened();
    const body = Uint8Array.of(...loginBody(), 1, 2, 3);
    node.send(1, requestFrame(Operation.Register, body));

    expect(node.proposals).toHaveLength(1);
  });
});

describe('what the register comes to', () => {
  test.each([57, 58])('a refusal with %i is a result of operation 1', (code) => {
    const node = opened();
    node.send(1, loginFrame());
    node.decide({ kind: 'refused', code });

    expect(node.taken(1).map(answerOf)).toMatchObject([{ ...result(code), operation: 1 }]);
  });

  test('04-S26 an id that another user owns is a session error', () => {
    const node = opened();
    node.send(1, loginFrame());
    node.decide({ kind: 'owned-by-another-user' });

    expect(node.taken(1).map(answerOf)).toMatchObject([{ ...evict(12), client: X }]);
  });

  test('the login reply tells watermark and origin of the entry', () => {
    const node = opened();
    node.send(1, loginFrame());
    node.decide({ kind: 'registered', session: 40, watermark: 5n, origin: 10 });

    const [frame] = node.taken(1);
    const { context } = parseFrameAs('Reply', frame ?? new Uint8Array(0)).header;
    expect(context).toBe((10n << 64n) | 6n);
  });

  test('a register that commits for a socket that is gone is ended at once', () => {
    const node = opened();
    node.send(1, loginFrame());
    node.close(1);
    node.decide({ kind: 'registered', session: 40, watermark: 0n, origin: 40 });

    expect(node.proposals).toMatchObject([
      { operation: Operation.Logout, client: X, session: 40, request: 0xffff_ffff_ffff_ffffn },
    ]);
  });
});
