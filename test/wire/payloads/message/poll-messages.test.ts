import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../src/base/index.js';
import {
  commands,
  decode,
  encode,
  forEachBatch,
  isWireError,
  readPollReply,
  sliceBatch,
  verifyBatch,
  writePollHeader,
} from '../../../../src/wire/index.js';
import { golden } from '../../helpers/golden.js';

interface Vector {
  readonly command: string;
  readonly kind: string;
  readonly description: string;
  readonly hex: string;
}

function reply(start: string): Uint8Array {
  const found = golden<readonly Vector[]>('commands.json').find(
    (each) =>
      each.command === 'poll_messages' &&
      each.kind === 'response-body' &&
      each.description.startsWith(start),
  );
  return fromHex(found?.hex ?? '');
}

describe('a poll reply', () => {
  it('gives messages with absolute offsets and times', () => {
    const polled = readPollReply(reply('one stored batch'));

    expect(polled).toMatchObject({ partitionId: 3, currentOffset: 101, count: 2 });
    expect(polled.messages).toMatchObject([
      { offset: 100, timestamp: 1_755_770_405_123_456, originTimestamp: 1_755_770_400_123_456n },
      { offset: 101, timestamp: 1_755_770_405_123_456, originTimestamp: 1_755_770_400_123_481n },
    ]);
  });

  it('numbers the messages of a sliced batch from where the batch began', () => {
    const { messages } = readPollReply(reply('server-sliced'));

    expect(messages.map((each) => each.offset)).toEqual([101]);
  });

  it('may hold several batches', () => {
    const { messages } = readPollReply(reply('two batch records'));

    expect(messages.map((each) => each.offset)).toEqual([100, 101, 102]);
  });

  it('holds batches whose checksums are right', () => {
    for (const start of ['one stored batch', 'server-sliced', 'two batch records']) {
      const bytes = reply(start);
      const verified: number[] = [];
      forEachBatch(bytes, 16, (from, to) => verified.push(verifyBatch(bytes, from, to)));
      expect(verified.length).toBeGreaterThan(0);
    }
  });

  it('is what slicing the stored batch gives', () => {
    const whole = reply('one stored batch');
    const expected = reply('server-sliced');

    const { header, messages } = sliceBatch(whole, 16, whole.length, { skip: 1, take: 1 });
    const built = new Uint8Array(16 + header.length + messages.length);
    writePollHeader(built, 0, { partitionId: 3, currentOffset: 101, count: 1 });
    built.set(header, 16);
    built.set(messages, 16 + header.length);

    expect(toHex(built)).toBe(toHex(expected));
  });

  it('may be empty', () => {
    const empty = fromHex('ffffffff000000000000000000000000');

    expect(readPollReply(empty)).toEqual({
      partitionId: 0xffff_ffff,
      currentOffset: 0,
      count: 0,
      messages: [],
    });
  });

  it('that is cut anywhere inside gives a typed error', () => {
    const whole = reply('two batch records');
    const boundaries = new Set([16, 16 + 397]);

    for (let size = 0; size < whole.length; size++) {
      if (boundaries.has(size)) continue;
      expect(() => readPollReply(whole.subarray(0, size))).toThrow(expect.toSatisfy(isWireError));
    }
  });
});

describe('a poll request', () => {
  const { request } = commands.poll_messages;
  const body = fromHex(
    '010104010000000104010000000104010000000100000000030000000000000000' + '0100000000',
  );

  it('treats every presence byte but 1 as absent', () => {
    const absent = body.slice();
    absent[19] = 2;
    absent[20] = 9;

    expect(decode(request, body).partition_id).toBe(0);
    expect(decode(request, absent).partition_id).toBeNull();
  });

  it('treats every nonzero auto-commit byte as true', () => {
    const yes = body.slice();
    yes[yes.length - 1] = 0xff;

    expect(decode(request, yes).auto_commit).toBe(true);
  });

  it('writes five bytes for a partition that is not named', () => {
    const value = { ...decode(request, body), partition_id: null };

    expect(encode(request, value)).toHaveLength(body.length);
  });
});
