import { describe, expect, it } from 'vitest';
import { fillPrepare } from '../../../src/consensus/frame/prepare.js';
import { headerSize } from '../../../src/wire/index.js';

const fields = {
  client: 7n,
  parent: 0n,
  requestChecksum: 0n,
  release: 0,
  op: 1,
  commit: 0,
  timestamp: 1,
  request: 1n,
  operation: 128,
  userId: 0,
  bodyChecksum: undefined,
};

describe('a prepare', () => {
  it('holds its body also when that lies elsewhere in the same memory', () => {
    const memory = new ArrayBuffer(1024);
    const body = new Uint8Array(memory, 900, 8).fill(0xab);
    const frame = new Uint8Array(memory, 0, headerSize + body.length);

    fillPrepare(frame, { ...fields, body });

    expect(frame.subarray(headerSize)).toEqual(body);
  });

  it('takes a body in its place as it is', () => {
    const frame = new Uint8Array(headerSize + 8);
    const body = frame.subarray(headerSize).fill(0xcd);

    fillPrepare(frame, { ...fields, body });

    expect([...frame.subarray(headerSize)]).toEqual(new Array(8).fill(0xcd));
  });
});
