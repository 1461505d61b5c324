import { describe, expect, it } from 'vitest';
import { fromHex, setU32, toHex } from '../../../src/base/index.js';
import {
  buildFrame,
  decodeReply,
  decodeResult,
  encodeFailure,
  encodeSuccess,
  type HeaderInput,
  Operation,
} from '../../../src/wire/index.js';
import { example } from '../helpers/golden.js';

const reply = (input: HeaderInput<'Reply'>, body: Uint8Array = new Uint8Array(0)): Uint8Array =>
  buildFrame('Reply', { request: 5n, ...input }, body);

describe('result section', () => {
  it('separates success, failure and payload', () => {
    expect(decodeResult(encodeSuccess(fromHex('aabb')))).toEqual({
      ok: true,
      payload: fromHex('aabb'),
    });
    expect(toHex(encodeFailure(57))).toBe('010000000000000039000000');
    expect(decodeResult(encodeFailure(57))).toEqual({ ok: false, code: 57 });
  });

  it('takes a first result of 0 for success and skips the whole section', () => {
    const section = fromHex('02000000000000000000000000000000ffffffffaa');
    expect(decodeResult(section)).toEqual({ ok: true, payload: fromHex('aa') });
  });

  it('never takes a short body for success', () => {
    for (const hex of ['', '000000', '0100000000000000', '0200000000000000000000000000']) {
      expect(() => decodeResult(fromHex(hex)), hex).toThrow(/too short/);
    }
  });
});

describe('decodeReply', () => {
  it('reads the worked login answers', () => {
    const accepted = decodeReply(example('login accepted'));
    expect(accepted).toMatchObject({ kind: 'ok', header: { operation: Operation.Register } });
    if (accepted.kind === 'ok') {
      expect(toHex(accepted.payload)).toBe(
        '000000002a00000000000000002c00000c302e392e302d656467652e35',
      );
    }
    expect(decodeReply(example('login refused for now'))).toMatchObject({
      kind: 'result',
      code: 57,
    });
  });

  it('looks at the status first and never at the body of a refusal', () => {
    expect(decodeReply(reply({ status: 41, operation: Operation.CreateStream }))).toEqual({
      kind: 'status',
      request: 5n,
      code: 41,
    });
    expect(decodeReply(reply({ status: 999_999 }))).toMatchObject({ kind: 'status', code: 1 });
    const undefinedOperation = reply({ status: 41 });
    undefinedOperation[208] = 77;
    expect(decodeReply(undefinedOperation)).toMatchObject({ kind: 'status', code: 41 });
  });

  it('strips the result section by the operation of the reply', () => {
    const body = encodeSuccess(fromHex('01'));
    for (const operation of [
      Operation.TruncatePartition,
      Operation.CreateTopicWithAssignments,
      Operation.StoreConsumerOffset,
      Operation.Register,
    ]) {
      expect(decodeReply(reply({ operation }, body))).toMatchObject({ payload: fromHex('01') });
    }
    for (const operation of [
      Operation.SendMessages,
      Operation.NonReplicated,
      Operation.DeleteSegments,
      Operation.Logout,
    ]) {
      const outcome = decodeReply(reply({ operation }, body));
      expect(outcome.kind === 'ok' ? toHex(outcome.payload) : '', String(operation)).toBe(
        toHex(body),
      );
    }
  });

  it('passes an empty login reply through, and refuses an empty metadata reply', () => {
    expect(decodeReply(reply({ operation: Operation.Register })).kind).toBe('ok');
    expect(decodeReply(reply({ operation: Operation.CreateStream }))).toMatchObject({
      kind: 'malformed',
      code: 3,
    });
  });

  it('reads evictions with their window, whoever they are addressed to', () => {
    expect(decodeReply(example('Eviction for an incompatible protocol'))).toMatchObject({
      kind: 'eviction',
      reason: 14,
      code: 14003,
      window: { min: 11264, max: 11264 },
    });
    const undefinedReason = buildFrame('Eviction', { client: 7n });
    undefinedReason[255] = 99;
    expect(decodeReply(undefinedReason)).toMatchObject({ kind: 'eviction', reason: 99, code: 40 });
  });

  it('calls everything else malformed', () => {
    expect(decodeReply(new Uint8Array(255))).toMatchObject({ kind: 'malformed', code: 304 });
    expect(decodeReply(buildFrame('Prepare', {}))).toMatchObject({ kind: 'malformed', code: 3 });
    const short = reply({}, fromHex('aabb'));
    expect(decodeReply(short.subarray(0, 257))).toMatchObject({ kind: 'malformed', code: 3 });
    setU32(short, 48, 100);
    expect(decodeReply(short)).toMatchObject({ kind: 'malformed', code: 3 });
    const undefinedOperation = reply({});
    undefinedOperation[208] = 77;
    expect(decodeReply(undefinedOperation)).toMatchObject({ kind: 'malformed', code: 3 });
  });
});
