import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, setU32, setU64Number, toHex } from '../../../../src/base/index.js';
import {
  annotate,
  batch as batchCodec,
  batchHeaderSize,
  checkBatchLayout,
  computeBatchChecksum,
  decode,
  encode,
  encodeBatch,
  isWireError,
  type NewMessage,
  readBatchHeader,
  readMessages,
  sealBatch,
  sliceBatch,
  stampBatch,
  verifyBatch,
} from '../../../../src/wire/index.js';
import { example } from '../../helpers/golden.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const hello: NewMessage = {
  id: 0x1122_3344_5566_7788n,
  payload: text('hello iggy'),
  originTimestamp: 1_700_000_000_000_000,
};

const threeMessages: readonly NewMessage[] = [
  { id: 1n, payload: text('one'), originTimestamp: 1007 },
  {
    id: 2n,
    payload: text('two'),
    userHeaders: fromHex('02010000006b03010000000'.concat('1')),
    originTimestamp: 1000,
  },
  { id: 3n, payload: new Uint8Array(), originTimestamp: 1500n },
];

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isWireError(error)) return error.code;
    throw error;
  }
  return 'none';
}

const newMessage = fc.record({
  id: fc.bigInt(0n, (1n << 128n) - 1n),
  payload: fc.uint8Array({ maxLength: 60 }),
  userHeaders: fc.option(fc.uint8Array({ maxLength: 20 }), { nil: undefined }),
  originTimestamp: fc.bigInt(1_000_000n, 1_000_000n + 0xffff_ffffn),
});
const newMessages = fc.array(newMessage, { minLength: 1, maxLength: 8 });

describe('a batch of messages', () => {
  it('is encoded as the worked example of the protocol', () => {
    expect(toHex(encodeBatch([hello]))).toBe(toHex(example('batch of one message')));
  });

  it('verifies the worked example', () => {
    expect(verifyBatch(example('batch of one message'))).toBe(1);
    expect(computeBatchChecksum(example('batch of one message'))).toBe(0x1090_3235_e09e_99c6n);
  });

  it('counts origin times from the earliest message', () => {
    const bytes = encodeBatch(threeMessages);
    const messages = readMessages(bytes);

    expect(readBatchHeader(bytes)).toMatchObject({
      originTimestamp: 1000n,
      messageCount: 3,
      length: bytes.length,
    });
    expect(messages.map((each) => each.originTimestamp)).toEqual([1007n, 1000n, 1500n]);
    expect(messages.map((each) => each.offset)).toEqual([0, 1, 2]);
  });

  it('gives back every message it was made of', () => {
    fc.assert(
      fc.property(newMessages, (messages) => {
        const bytes = encodeBatch(messages);

        expect(verifyBatch(bytes)).toBe(messages.length);
        const read = readMessages(bytes);
        expect(read).toHaveLength(messages.length);
        for (const [i, each] of messages.entries()) {
          expect(read[i]).toMatchObject({
            offset: i,
            id: each.id,
            originTimestamp: each.originTimestamp,
          });
          expect(toHex(read[i]!.payload)).toBe(toHex(each.payload));
          expect(toHex(read[i]!.userHeaders)).toBe(toHex(each.userHeaders ?? new Uint8Array()));
        }
      }),
    );
  });

  it('is the same through the declarative description', () => {
    fc.assert(
      fc.property(newMessages, (messages) => {
        const bytes = encodeBatch(messages);

        expect(toHex(encode(batchCodec, decode(batchCodec, bytes)))).toBe(toHex(bytes));
      }),
    );
  });

  it('needs a message', () => {
    expect(codeOf(() => encodeBatch([]))).toBe('WIRE_INVALID');
  });

  it('holds times up to 2^32-1 microseconds apart', () => {
    const apart = (distance: number): readonly NewMessage[] => [
      { ...hello, originTimestamp: 5 },
      { ...hello, originTimestamp: 5 + distance },
    ];

    expect(verifyBatch(encodeBatch(apart(0xffff_ffff)))).toBe(2);
    expect(codeOf(() => encodeBatch(apart(0x1_0000_0000)))).toBe('WIRE_TIMESTAMP_DELTA');
  });

  it('refuses an id above 128 bits', () => {
    expect(codeOf(() => encodeBatch([{ ...hello, id: 1n << 128n }]))).toBe('WIRE_INVALID');
  });
});

describe('stamping a batch', () => {
  const stamp = { partitionId: 7, baseOffset: 100, baseTimestamp: 1_755_770_405_123_456 };

  it('writes the three server-owned fields and seals the batch anew', () => {
    const bytes = encodeBatch(threeMessages);
    const before = bytes.slice();

    stampBatch(bytes, stamp);

    expect(verifyBatch(bytes)).toBe(3);
    expect(readBatchHeader(bytes)).toMatchObject(stamp);
    expect(readMessages(bytes).map((each) => each.offset)).toEqual([100, 101, 102]);
    expect(toHex(bytes, batchHeaderSize)).toBe(toHex(before, batchHeaderSize));
    expect(toHex(bytes, 0, 48)).not.toBe(toHex(before, 0, 48));
  });

  it('refuses numbers that are not exact', () => {
    const bytes = encodeBatch(threeMessages);

    expect(() => stampBatch(bytes, { ...stamp, baseOffset: 2 ** 53 })).toThrow(/NUMBER|0\.\./);
    expect(() => stampBatch(bytes, { ...stamp, partitionId: -1 })).toThrow();
  });
});

describe('verifying a batch', () => {
  it('notices every flipped bit', () => {
    const bytes = encodeBatch(threeMessages);

    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(
        codeOf(() => verifyBatch(damaged)),
        `bit ${bit}`,
      ).not.toBe('none');
    }
  });

  it('tells a damaged message from a damaged header', () => {
    const inMessage = encodeBatch([hello]);
    inMessage[batchHeaderSize + 50]! ^= 1;
    const inHeader = encodeBatch([hello]);
    inHeader[8]! ^= 1;

    expect(codeOf(() => verifyBatch(inMessage))).toBe('WIRE_CHECKSUM_MESSAGE');
    expect(codeOf(() => verifyBatch(inHeader))).toBe('WIRE_CHECKSUM_BATCH');
  });

  it('refuses bytes before or after the batch', () => {
    const bytes = encodeBatch([hello]);
    const longer = new Uint8Array([...bytes, 0]);

    expect(codeOf(() => verifyBatch(longer))).toBe('WIRE_INVALID');
    expect(codeOf(() => verifyBatch(bytes.subarray(0, -1)))).toBe('WIRE_TRUNCATED');
    expect(codeOf(() => verifyBatch(new Uint8Array()))).toBe('WIRE_TRUNCATED');
    expect(verifyBatch(longer, 0, bytes.length)).toBe(1);
  });

  it('refuses a batch length below its own header', () => {
    const bytes = encodeBatch([hello]);
    setU64Number(bytes, 32, 255);

    expect(codeOf(() => verifyBatch(bytes))).toBe('WIRE_INVALID');
  });

  it('refuses nonzero padding in header and message', () => {
    for (const at of [52, 255, batchHeaderSize + 40, batchHeaderSize + 47]) {
      const bytes = encodeBatch([hello]);
      bytes[at] = 1;
      expect(
        codeOf(() => checkBatchLayout(bytes)),
        `byte ${at}`,
      ).toBe('WIRE_INVALID');
    }
  });

  it('refuses a count that differs from the messages that are there', () => {
    for (const count of [0, 2, 4, 0xffff_ffff]) {
      const bytes = encodeBatch(threeMessages);
      setU32(bytes, 48, count);
      expect(
        codeOf(() => checkBatchLayout(bytes)),
        `count ${count}`,
      ).not.toBe('none');
    }
  });

  it('does not allocate for a count or a length that the bytes cannot hold', () => {
    const bytes = encodeBatch([hello]);
    setU32(bytes, 48, 0xffff_ffff);
    expect(codeOf(() => verifyBatch(bytes))).toBe('WIRE_INVALID');

    const long = encodeBatch([hello]);
    setU32(long, batchHeaderSize + 36, 0xffff_ffff);
    expect(codeOf(() => verifyBatch(long))).toBe('WIRE_TRUNCATED');
    expect(codeOf(() => decode(batchCodec, long))).toBe('WIRE_TRUNCATED');
  });

  it('answers arbitrary bytes with a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
        expect(codeOf(() => verifyBatch(bytes))).not.toBe('none');
      }),
    );
  });
});

describe('slicing a batch', () => {
  it('keeps base offset and the offset deltas of the messages', () => {
    const bytes = encodeBatch(threeMessages);
    stampBatch(bytes, { partitionId: 3, baseOffset: 100, baseTimestamp: 50 });

    const { header, messages } = sliceBatch(bytes, 0, bytes.length, { skip: 1, take: 2 });
    const sliced = new Uint8Array([...header, ...messages]);

    expect(verifyBatch(sliced)).toBe(2);
    expect(readBatchHeader(sliced)).toMatchObject({ baseOffset: 100, baseTimestamp: 50 });
    expect(readMessages(sliced).map((each) => each.offset)).toEqual([101, 102]);
    expect(messages.buffer).toBe(bytes.buffer);
  });

  it('refuses messages that are not there', () => {
    const bytes = encodeBatch(threeMessages);

    for (const [skip, take] of [
      [0, 4],
      [3, 1],
      [0, 0],
      [-1, 1],
    ] as const) {
      expect(codeOf(() => sliceBatch(bytes, 0, bytes.length, { skip, take }))).toBe('WIRE_INVALID');
    }
  });
});

describe('an annotated batch', () => {
  it('names the parts of well-formed user headers', () => {
    const result = annotate(batchCodec, encodeBatch(threeMessages));
    const paths = result.spans.map((span) => span.path);

    expect(result.ok).toBe(true);
    expect(paths).toContain('messages[1].user_headers[0].key.value');
    expect(result.spans.at(-1)?.path).toBe('messages[2].user_headers');
  });

  it('shows user headers that are not well-formed as plain bytes', () => {
    const odd: NewMessage = { ...hello, userHeaders: fromHex('0201000000') };
    const result = annotate(batchCodec, encodeBatch([odd]));

    expect(result.ok).toBe(true);
    expect(result.spans.at(-1)).toMatchObject({ path: 'messages[0].user_headers', size: 5 });
  });

  it('shows the good part of a torn batch', () => {
    const bytes = encodeBatch(threeMessages);
    sealBatch(bytes);
    const result = annotate(batchCodec, bytes.subarray(0, 300));

    expect(result.ok).toBe(false);
    expect(result.spans.some((span) => span.path === 'message_count' && span.complete)).toBe(true);
  });
});
