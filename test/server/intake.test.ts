import { describe, expect, test } from 'vitest';
import { buildFrame, Operation, parseFrameAs } from '../../src/wire/index.js';
import { answerOf, ok, status } from './harness/answers.js';
import { committed, resultBody } from './harness/committed-reply.js';
import { commandFrame, loginFrame, readFrame, requestFrame } from './harness/requests.js';
import { ScriptNode } from './harness/script-node.js';

function bound(config = {}): ScriptNode {
  const node = new ScriptNode(config);
  node.open(1);
  node.login(1, loginFrame(), 9);
  return node;
}

const ping = (request: number) => readFrame(1, new Uint8Array(0), { request });
const createStream = (request: number) =>
  commandFrame('create_stream', { name: `s${request}`, options: [] }, { session: 9, request });

function commitNext(node: ScriptNode, op: number): void {
  const [proposal] = node.proposals;
  if (proposal === undefined) throw new Error('nothing proposed');
  node.decide(committed(proposal, op, resultBody()));
}

const requestsOf = (frames: readonly Uint8Array[]) =>
  frames.map((frame) => parseFrameAs('Reply', frame).header.request);

describe('frames of one connection', () => {
  test('are looked at one at a time and answered in order', () => {
    const node = bound();
    node.send(1, createStream(1));
    node.send(1, ping(2));
    node.send(1, createStream(3));
    node.send(1, ping(4));
    expect(node.proposals).toHaveLength(1);
    expect(node.taken(1)).toEqual([]);

    commitNext(node, 11);
    expect(requestsOf(node.taken(1))).toEqual([1n, 2n]);
    commitNext(node, 12);

    expect(requestsOf(node.taken(1))).toEqual([3n, 4n]);
  });

  test('do not wait for those of another connection', () => {
    const node = bound();
    node.open(2);
    node.send(1, createStream(1));

    expect(answerOf(node.ask(2, ping(1)))).toMatchObject(ok);
  });

  test('stop being read beyond the bound of frames, and are read again below it', () => {
    const node = bound({ maxQueuedFrames: 3 });
    node.send(1, createStream(1));
    for (const request of [2, 3, 4]) node.send(1, createStream(request));
    expect(node.paused).not.toContain(1);
    node.send(1, createStream(5));
    expect(node.paused).toContain(1);

    commitNext(node, 11);

    expect(node.paused).not.toContain(1);
  });

  test('stop being read beyond the bound of bytes', () => {
    const node = bound({ maxQueuedBytes: 1_000 });
    node.send(1, createStream(1));
    node.send(
      1,
      requestFrame(Operation.CreateStream, new Uint8Array(500), { session: 9, request: 2 }),
    );
    expect(node.paused).not.toContain(1);
    node.send(1, createStream(3));

    expect(node.paused).toContain(1);
  });

  test('that are queued are dropped with the connection', () => {
    const node = bound();
    node.send(1, createStream(1));
    node.send(1, createStream(2));
    node.close(1);
    commitNext(node, 11);

    expect(node.proposals).toMatchObject([{ operation: Operation.Logout }]);
  });
});

describe('frames that break a rule', () => {
  test('an undefined command closes the connection', () => {
    const node = bound();
    const frame = ping(1);
    frame[60] = 30;
    node.send(1, frame);

    expect(node.closed).toContain(1);
    expect(node.send(1, ping(2))).toEqual([]);
  });

  test('another command than Request is ignored', () => {
    const node = bound();

    expect(node.send(1, buildFrame('Reply', { request: 3n }))).toEqual([]);
    expect(answerOf(node.ask(1, ping(4)))).toMatchObject(ok);
  });

  test.each([
    ['session 0', { request: 1 }, Operation.CreateStream],
    ['request 0', { session: 1 }, Operation.CreateStream],
    ['a partition request with number 0', { session: 1 }, Operation.SendMessages],
    ['a register with a request number', { request: 1 }, Operation.Register],
    ['operation 0', { session: 1, request: 1 }, Operation.Reserved],
    ['an undefined operation', { session: 1, request: 1 }, 200],
  ])('%s is answered with status 3 that echoes the request', (_name, fields, operation) => {
    const node = bound();
    const frame = node.ask(1, requestFrame(operation, new Uint8Array(0), fields));

    expect(answerOf(frame)).toMatchObject({ ...status(3), operation });
    expect(frame.subarray(200, 208)).toEqual(
      new Uint8Array(new BigUint64Array([BigInt('request' in fields ? fields.request : 0)]).buffer),
    );
    expect(answerOf(node.ask(1, ping(1)))).toMatchObject(ok);
  });

  test('04-S13 client 0 closes the connection instead', () => {
    const node = bound();
    const bad = requestFrame(Operation.CreateStream, new Uint8Array(0), { client: 0n, session: 1 });

    expect(node.send(1, bad)).toEqual([]);
    expect(node.closed).toContain(1);
  });

  test('a wrong stamp is status 4 from the connection, before the session is looked at', () => {
    const node = new ScriptNode();
    node.open(7);
    const fields = { session: 1, request: 5, stamp: 1n };
    const frame = node.ask(7, requestFrame(Operation.CreateStream, Uint8Array.of(1), fields));

    expect(answerOf(frame)).toMatchObject(status(4));
    expect(parseFrameAs('Reply', frame).header).toMatchObject({
      client: 7n,
      op: 0n,
      commit: 10n,
      request: 5n,
      requestChecksum: 1n,
      operation: Operation.CreateStream,
    });
  });

  test('a stamp with a nonzero upper half is wrong', () => {
    const node = bound();
    const frame = commandFrame(
      'create_stream',
      { name: 's', options: [] },
      { session: 9, request: 1, stamp: true },
    );
    frame[158] = 1;

    expect(answerOf(node.ask(1, frame))).toMatchObject(status(4));
  });
});
