import { describe, expect, it } from 'vitest';
import {
  buildFrame,
  METADATA_GROUP,
  METADATA_GROUP_NUMBER,
  parseFrameAs,
  prepareOkView,
  prepareView,
  replyView,
  requestView,
  sealFrame,
} from '../../../src/wire/index.js';
import { example } from '../helpers/golden.js';

describe('header views', () => {
  it('read the same values as decoding', () => {
    const frame = example('metadata Prepare of op 7');
    const { header } = parseFrameAs('Prepare', frame);
    expect(prepareView.op(frame)).toBe(7);
    expect(prepareView.commit(frame)).toBe(6);
    expect(prepareView.timestamp(frame)).toBe(1_700_000_000_000_000);
    expect(prepareView.group(frame)).toBe(METADATA_GROUP_NUMBER);
    expect(prepareView.client(frame)).toBe(header.client);
    expect(prepareView.checksum(frame)).toBe(header.checksum);
    expect(prepareView.request(frame)).toBe(header.request);
    expect(prepareView.view(frame)).toBe(header.view);
  });

  it('read a header inside other bytes', () => {
    expect(prepareView.op(example('DoViewChange of two entries'), 512)).toBe(6);
  });

  it('write fields in place', () => {
    const frame = buildFrame('PrepareOk', {});
    prepareOkView.put.op(frame, 9);
    prepareOkView.put.group(frame, METADATA_GROUP_NUMBER);
    prepareOkView.put.prepareChecksum(frame, 5n);
    prepareOkView.put.replica(frame, 2);
    prepareOkView.put.groupIncarnation(frame, 3);
    sealFrame(frame);
    expect(parseFrameAs('PrepareOk', frame).header).toMatchObject({
      op: 9n,
      group: METADATA_GROUP,
      prepareChecksum: 5n,
      replica: 2,
      groupIncarnation: 3n,
    });
  });

  it('refuse counters that a number cannot hold', () => {
    const frame = buildFrame('Prepare', { op: 2n ** 53n });
    expect(() => prepareView.op(frame)).toThrow(/9007199254740992/);
    expect(() => prepareView.put.op(frame, 2 ** 53)).toThrow(/u64 must be/);
    expect(() => prepareView.put.op(frame, -1)).toThrow(/u64 must be/);
  });

  it('keep numbers that clients choose as bigint', () => {
    const frame = buildFrame('Request', { request: 2n ** 64n - 1n });
    expect(requestView.request(frame)).toBe(2n ** 64n - 1n);
    expect(replyView.status(buildFrame('Reply', { status: 58 }))).toBe(58);
  });
});
