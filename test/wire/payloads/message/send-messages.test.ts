import { describe, expect, it } from 'vitest';
import { fromHex, setU32, toHex } from '../../../../src/base/index.js';
import {
  commands,
  decode,
  encode,
  encodeBatch,
  encodeSendMessages,
  isWireError,
  type NewMessage,
  readMessages,
  readSendMessages,
  type SendTarget,
  verifySendMessages,
  wrapBatch,
} from '../../../../src/wire/index.js';
import { golden } from '../../helpers/golden.js';

interface Frame {
  readonly operation: number;
  readonly hex: string;
}

const frames = golden<readonly Frame[]>('frames.json');
const target: SendTarget = {
  stream_id: 1,
  topic_id: 'orders',
  partitioning: { kind: 2, value: 3 },
};

const first: NewMessage = {
  id: 1n,
  payload: new TextEncoder().encode('hello'),
  originTimestamp: 1_755_770_400_123_456,
  userHeaders: fromHex(
    '02020000006374020a000000746578742f706c61696e060400000007000000030100000001',
  ),
};
const second: NewMessage = {
  id: 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210n,
  payload: fromHex('00ff01'),
  originTimestamp: 1_755_770_400_123_481,
};

function workedExample(): Uint8Array {
  const vectors = golden<readonly { description: string; hex: string }[]>('commands.json');
  const found = vectors.find((each) => each.description.startsWith('worked example'));
  return fromHex(found?.hex ?? '');
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isWireError(error)) return error.code;
    throw error;
  }
  return 'none';
}

describe('a send body', () => {
  it('is built as the worked example of the protocol', () => {
    expect(toHex(encodeSendMessages(target, [first, second]))).toBe(toHex(workedExample()));
  });

  it('leaves room for a frame header when asked to', () => {
    const body = encodeSendMessages(target, [first], 256);

    expect(toHex(body, 0, 256)).toBe('00'.repeat(256));
    expect(toHex(body, 256)).toBe(toHex(encodeSendMessages(target, [first])));
  });

  it('can be put around a batch that is encoded already', () => {
    const body = wrapBatch(target, encodeBatch([first, second]));

    expect(toHex(body)).toBe(toHex(workedExample()));
  });

  it('of the official client is taken apart and verified', () => {
    const sent = frames.find((each) => each.operation === 160);
    const envelope = readSendMessages(fromHex(sent?.hex ?? '').subarray(256));

    verifySendMessages(envelope);
    expect(envelope).toMatchObject({
      stream_id: 1,
      topic_id: 'events',
      partitioning: { kind: 1 },
      messages_count: 2,
    });
    const payloads = readMessages(envelope.batch).map((each) => toHex(each.payload));
    expect(payloads).toEqual(['68656c6c6f', '00ff01']);
  });

  it('aliases its batch instead of copying it', () => {
    const body = workedExample();

    expect(readSendMessages(body).batch.buffer).toBe(body.buffer);
  });

  it('is refused when the routing part has another length than it says', () => {
    for (const length of [0, 23, 25, 0xffff_ffff]) {
      const body = workedExample();
      setU32(body, 0, length);
      expect(
        codeOf(() => readSendMessages(body)),
        `length ${length}`,
      ).not.toBe('none');
    }
  });

  it('is refused when routing part and batch disagree on the number of messages', () => {
    const body = workedExample();
    setU32(body, 24, 3);

    expect(codeOf(() => verifySendMessages(readSendMessages(body)))).toBe('WIRE_INVALID');
    expect(codeOf(() => decode(commands.send_messages.request, body))).toBe('WIRE_INVALID');
  });

  it('is refused for its sizes before anything is hashed', () => {
    const body = workedExample();
    const lastPayload = 28 + 256 + 90 + 36;
    setU32(body, lastPayload, 2);

    expect(codeOf(() => verifySendMessages(readSendMessages(body)))).toBe('WIRE_INVALID');
  });

  it('is refused when bytes follow the batch', () => {
    const body = new Uint8Array([...workedExample(), 0]);

    expect(codeOf(() => verifySendMessages(readSendMessages(body)))).toBe('WIRE_INVALID');
    expect(codeOf(() => decode(commands.send_messages.request, body))).toBe('WIRE_TRAILING');
  });
});

describe('partitioning', () => {
  it('refuses every combination of kind and length that is not defined', () => {
    const partitioningOf = (hex: string): string => {
      const head = `010401000000010402000000${hex}01000000`;
      const body = fromHex(`${toHex(new Uint8Array([head.length / 2, 0, 0, 0]))}${head}`);
      return codeOf(() => readSendMessages(body));
    };

    expect(partitioningOf('0100')).toBe('none');
    expect(partitioningOf('020405000000')).toBe('none');
    expect(partitioningOf('03016b')).toBe('none');
    for (const hex of ['010101', '0200', '0203050000', '02050500000000', '0300', '0000', '0400']) {
      expect(partitioningOf(hex), hex).not.toBe('none');
    }
  });
});

describe('the reply to a send', () => {
  const { response } = commands.send_messages;

  it('with a count of 0 says the same as an empty one', () => {
    expect(decode(response, fromHex('00000000'))).toEqual({ confirmations: [] });
    expect(decode(response, fromHex(''))).toEqual({ confirmations: [] });
    expect(toHex(encode(response, { confirmations: [] }))).toBe('00000000');
  });

  it('must not go on after its entries', () => {
    expect(codeOf(() => decode(response, fromHex('0000000000')))).toBe('WIRE_TRAILING');
  });

  it('does not allocate for a count that the bytes cannot hold', () => {
    expect(codeOf(() => decode(response, fromHex('ffffffff')))).toBe('WIRE_TRUNCATED');
  });
});
