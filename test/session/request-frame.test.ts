import { describe, expect, test } from 'vitest';
import { correlatedRequest } from '../../src/session/correlated.js';
import { moveToSession, requestFrame } from '../../src/session/request-frame.js';
import { goldenFrame } from '../helpers/golden-frames.js';
import { readRequest } from '../helpers/scripted-frames.js';

describe('request frames', () => {
  for (const operation of [1, 2, 128, 160]) {
    test(`are the bytes of the official client, operation ${operation}`, () => {
      const golden = goldenFrame(operation);
      const { code, client, session, request, body } = readRequest(golden);
      const fields = { code, operation, clientId: client, session, request };
      const frame = requestFrame({ ...fields, stamped: false, linearizable: false }, body);
      expect(Buffer.from(frame).toString('hex')).toBe(golden.toString('hex'));
    });
  }

  const fields = {
    code: 200,
    operation: 2,
    clientId: 5n,
    session: 7n,
    request: 3n,
    stamped: false,
    linearizable: true,
  };

  test('are built in place when there is room in front of the body', () => {
    const buffer = new Uint8Array(256 + 4).fill(0xee);
    buffer.set([1, 2, 3, 4], 256);
    const body = buffer.subarray(256);
    const frame = requestFrame(fields, body, true);
    expect(frame.buffer).toBe(buffer.buffer);
    expect(Buffer.from(frame)).toEqual(Buffer.from(requestFrame(fields, body.slice())));
    expect(frame[200]).toBe(1);
  });

  test('are copied when there is not', () => {
    const body = new Uint8Array(new Uint8Array(100).buffer, 50, 4);
    expect(requestFrame(fields, body, true)).toHaveLength(260);
  });

  test('move to another session without any other change', () => {
    const frame = requestFrame(fields, Buffer.from('body'));
    const moved = Uint8Array.from(frame);
    moveToSession(moved, 0xffff_ffff_ffff_fffen);
    expect(readRequest(Buffer.from(moved)).session).toBe(0xffff_ffff_ffff_fffen);
    moveToSession(moved, 7n);
    expect(moved).toEqual(frame);
  });

  test('of the correlated form are those of the protocol examples', () => {
    const frame = correlatedRequest({ code: 1, id: 7 }, Buffer.from('hi'));
    expect(Buffer.from(frame).toString('hex')).toBe('0e0000000100000007000000000000006869');
  });
});
