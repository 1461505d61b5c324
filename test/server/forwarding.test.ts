import { beforeEach, describe, expect, test } from 'vitest';
import { buildFrame, Operation, parseFrameAs } from '../../src/wire/index.js';
import { answerOf, evict, loginOf, ok, result, status } from './harness/answers.js';
import { loginFrame, logoutFrame, readFrame, X, Y } from './harness/requests.js';
import { only, ScriptNode } from './harness/script-node.js';
import { addUser } from './harness/users.js';

/** A backup: node 1 of a view that node 0 leads. */
function backup(): ScriptNode {
  const node = new ScriptNode({ node: 1 });
  Object.assign(node.status, { primary: 0, isActingPrimary: false, view: 3 });
  node.open(1);
  return node;
}

function registerResult(nonce: bigint, fields = {}): Uint8Array {
  const header = { nonce, client: X, epoch: 12n, watermark: 4n, origin: 9n, outcome: 0, ...fields };
  return buildFrame('ForwardRegisterResult', header as never);
}

const failure = { epoch: 0n, watermark: 0n, origin: 0n };

describe('a login at a backup', () => {
  let node: ScriptNode;
  let nonce: bigint;
  beforeEach(() => {
    node = backup();
    node.send(1, loginFrame());
    nonce = parseFrameAs('ForwardRegister', only(node.forwards).frame).header.nonce;
  });
  const arrive = (frame: Uint8Array) => node.step({ kind: 'replica-frame', frame, now: node.now });

  test('is verified locally and handed to the primary with its user', () => {
    const { replica, frame } = only(node.forwards);

    expect(replica).toBe(0);
    expect(parseFrameAs('ForwardRegister', frame).header).toMatchObject({
      client: X,
      userId: 0,
      view: 3,
      replica: 1,
      cluster: 77n,
    });
    expect(nonce >> 64n).toBe(1n);
    expect(node.proposals).toEqual([]);
  });

  test('04-S56 succeeds with what the primary committed', () => {
    arrive(registerResult(nonce));

    const frame = only(node.taken(1));
    expect(loginOf(frame)).toEqual({ userId: 0, session: 12 });
    expect(parseFrameAs('Reply', frame).header.context).toBe((9n << 64n) | 5n);
    expect(answerOf(node.ask(1, readFrame(20)))).toMatchObject(ok);
  });

  test('an answer without origin leaves the context empty', () => {
    arrive(registerResult(nonce, { origin: 0n }));

    expect(parseFrameAs('Reply', only(node.taken(1))).header.context).toBe(0n);
  });

  test.each([
    [1, result(58)],
    [2, result(58)],
    [3, result(58)],
    [4, result(57)],
    [5, result(57)],
    [6, evict(12)],
  ])('outcome %i of the primary is told to the client', (outcome, answer) => {
    arrive(registerResult(nonce, { ...failure, outcome }));

    expect(node.taken(1).map(answerOf)).toMatchObject([answer]);
  });

  test('04-S62 is answered with 57 after five seconds, and a late answer is ignored', () => {
    node.ticks(499);
    expect(node.taken(1)).toEqual([]);
    node.ticks(1);
    expect(node.taken(1).map(answerOf)).toMatchObject([{ ...result(57), operation: 1 }]);

    arrive(registerResult(nonce));

    expect(node.taken(1)).toEqual([]);
    expect(answerOf(node.ask(1, readFrame(20)))).toMatchObject(status(40));
  });

  test('04-S63 stays parked when the answer names another client or another nonce', () => {
    arrive(registerResult(nonce, { client: Y }));
    arrive(registerResult(nonce + 1n));
    expect(node.taken(1)).toEqual([]);

    arrive(registerResult(nonce));

    expect(loginOf(only(node.taken(1)))).toMatchObject({ session: 12 });
  });

  test('03-S51 the primary changes meanwhile: what the old one refused is transient', () => {
    Object.assign(node.status, { primary: 2, view: 5 });
    arrive(registerResult(nonce, { ...failure, outcome: 3 }));

    expect(node.taken(1).map(answerOf)).toMatchObject([result(58)]);
    expect(answerOf(node.ask(1, readFrame(20)))).toMatchObject(status(40));
    // The next try goes to whoever leads now.
    node.send(1, loginFrame());
    expect(node.forwards.at(-1)?.replica).toBe(2);
  });

  test('03-S51 an answer to an earlier life of the node confirms nobody', () => {
    const again = new ScriptNode({ node: 1, bootIncarnation: 2n });
    Object.assign(again.status, { primary: 0, isActingPrimary: false, view: 3 });
    again.open(1);
    again.send(1, loginFrame());
    const own = parseFrameAs('ForwardRegister', only(again.forwards).frame).header.nonce;
    expect(own).not.toBe(nonce);
    again.step({ kind: 'replica-frame', frame: registerResult(nonce), now: again.now });

    expect(again.taken(1)).toEqual([]);
    again.ticks(500);
    expect(again.taken(1).map(answerOf)).toMatchObject([result(57)]);
  });

  test('a damaged answer is no answer', () => {
    const frame = registerResult(nonce);
    frame[160] = 13;
    arrive(frame);

    expect(node.taken(1)).toEqual([]);
    expect(node.logs).toMatchObject([{ event: 'ForwardResultMalformed' }]);
  });

  test('a socket that closes meanwhile has the session ended at the primary', () => {
    node.close(1);
    arrive(registerResult(nonce));

    const { frame } = node.forwards[1] ?? { frame: new Uint8Array(256) };
    expect(parseFrameAs('ForwardLogout', frame).header).toMatchObject({
      client: X,
      session: 12n,
      request: 0xffff_ffff_ffff_ffffn,
    });
  });
});

test('04-S58 a wrong password is refused by the backup itself, compared once', () => {
  const node = backup();

  // It may be one that the primary knows already.
  expect(node.send(1, loginFrame({ password: 'no!' }))).toEqual([]);
  node.ticks(60);
  expect(node.taken(1).map(answerOf)).toMatchObject([evict(9)]);
  expect(node.passwordJobs).toHaveLength(1);
  expect(node.forwards).toEqual([]);
});

test('a link that is down is 58 at once', () => {
  const node = backup();
  node.linksUp.clear();

  expect(answerOf(node.ask(1, loginFrame()))).toMatchObject(result(58));
});

test('while no view is normal the local replica is asked', () => {
  const node = backup();
  node.status.status = 'view-change';
  node.send(1, loginFrame());

  expect(node.proposals).toMatchObject([{ operation: Operation.Register }]);
});

describe('a logout at a backup', () => {
  function boundBackup(): ScriptNode {
    const node = backup();
    node.send(1, loginFrame());
    const { header } = parseFrameAs('ForwardRegister', only(node.forwards.splice(0)).frame);
    node.step({ kind: 'replica-frame', frame: registerResult(header.nonce), now: node.now });
    node.taken(1);
    return node;
  }

  test('04-S59 succeeds with the commit of the primary', () => {
    const node = boundBackup();
    node.send(1, logoutFrame({ session: 12, request: 7 }));
    const { header } = parseFrameAs('ForwardLogout', only(node.forwards).frame);
    expect(header).toMatchObject({ client: X, session: 12n, request: 7n });
    const answer = { nonce: header.nonce, client: X, commit: 30n, outcome: 0 } as const;
    const frame = buildFrame('ForwardLogoutResult', answer);
    node.step({ kind: 'replica-frame', frame, now: node.now });

    const reply = only(node.taken(1));
    expect(answerOf(reply)).toMatchObject(ok);
    expect(parseFrameAs('Reply', reply).header).toMatchObject({ op: 12n, commit: 30n });
    expect(answerOf(node.ask(1, readFrame(20)))).toMatchObject(status(40));
  });

  test.each([
    [1, 58],
    [2, 58],
    [3, 57],
    [4, 57],
  ] as const)('outcome %i is status %i', (outcome, code) => {
    const node = boundBackup();
    node.send(1, logoutFrame({ session: 12, request: 7 }));
    const { nonce } = parseFrameAs('ForwardLogout', only(node.forwards).frame).header;
    const frame = buildFrame('ForwardLogoutResult', { nonce, client: X, outcome });
    node.step({ kind: 'replica-frame', frame, now: node.now });

    expect(node.taken(1).map(answerOf)).toMatchObject([status(code)]);
  });
});

describe('the receiving end of a forward', () => {
  const register = (fields = {}) =>
    buildFrame('ForwardRegister', { client: X, nonce: 5n, userId: 0, replica: 2, ...fields });
  const logout = (fields = {}) =>
    buildFrame('ForwardLogout', {
      client: X,
      nonce: 6n,
      session: 8n,
      request: 4n,
      replica: 2,
      ...fields,
    });

  function received(frame: Uint8Array): ScriptNode {
    const node = new ScriptNode();
    node.step({ kind: 'replica-frame', frame, now: node.now });
    return node;
  }

  test('proposes a register for the user the sender verified and answers it', () => {
    const node = received(register());
    expect(node.proposals).toMatchObject([{ operation: 1, client: X, userId: 0, session: 0 }]);
    node.decide({ kind: 'registered', session: 20, watermark: 6n, origin: 11 });

    const { replica, frame } = only(node.forwards);
    expect(replica).toBe(2);
    expect(parseFrameAs('ForwardRegisterResult', frame).header).toMatchObject({
      nonce: 5n,
      client: X,
      epoch: 20n,
      watermark: 6n,
      origin: 11n,
      outcome: 0,
      replica: 0,
    });
  });

  test('a user whom the sender still knows, but is deleted or inactive, is put off', () => {
    const node = new ScriptNode();
    const inactive = addUser(node, 'alice', 'secret', false);
    for (const userId of [inactive, 77]) {
      node.step({ kind: 'replica-frame', frame: register({ userId }), now: node.now });

      expect(node.proposals).toEqual([]);
      const { header } = parseFrameAs('ForwardRegisterResult', only(node.forwards.splice(0)).frame);
      expect(header).toMatchObject({ nonce: 5n, client: X, outcome: 2 });
    }
  });

  test('proposes a logout of exactly the session and answers its commit', () => {
    const node = received(logout());
    expect(node.proposals).toMatchObject([{ operation: 3, client: X, session: 8, request: 4n }]);
    node.decide({ kind: 'logged-out', commit: 21 });

    const { frame } = only(node.forwards);
    expect(parseFrameAs('ForwardLogoutResult', frame).header).toMatchObject({
      nonce: 6n,
      commit: 21n,
      outcome: 0,
    });
  });

  test.each([
    [{ kind: 'refused', code: 58 }, true, 3, 2],
    [{ kind: 'refused', code: 58 }, false, 1, 1],
    [{ kind: 'refused', code: 57 }, true, 4, 3],
    [{ kind: 'refused', code: 57 }, false, 5, 4],
  ] as const)('%j with leads = %s is told as %i and %i', (outcome, leads, one, two) => {
    const registered = received(register());
    registered.status.isActingPrimary = leads;
    registered.decide(outcome);
    const first = parseFrameAs('ForwardRegisterResult', only(registered.forwards).frame);
    expect(first.header).toMatchObject({ outcome: one, epoch: 0n, watermark: 0n, origin: 0n });

    const ended = received(logout());
    ended.status.isActingPrimary = leads;
    ended.decide(outcome);
    const second = parseFrameAs('ForwardLogoutResult', only(ended.forwards).frame);
    expect(second.header).toMatchObject({ outcome: two, commit: 0n });
  });

  test('is never handed on a second time', () => {
    const node = new ScriptNode({ node: 1 });
    Object.assign(node.status, { primary: 0, isActingPrimary: false });
    node.step({ kind: 'replica-frame', frame: register(), now: node.now });

    expect(node.forwards).toEqual([]);
    expect(node.proposals).toHaveLength(1);
  });

  test('drops frames that break a rule', () => {
    for (const frame of [
      register({ replica: 3 }),
      register({ client: 0n }),
      register({ nonce: 0n }),
      logout({ session: 0n }),
      logout({ request: 0n }),
      register().fill(1, 170, 171),
    ]) {
      const node = received(frame);
      expect(node.proposals).toEqual([]);
      expect(node.logs).toMatchObject([{ event: 'ForwardMalformed' }]);
    }
  });
});
