// Every vector in both directions. The vectors come from the official client and the upstream
// codecs, so they catch what a description shared by encoder and decoder cannot.
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/base/index.js';
import {
  annotate,
  type Codec,
  commandByCode,
  commandList,
  completeConsumerGroupRevocation,
  createPartitionsWithAssignments,
  createTopicWithAssignments,
  decode,
  encode,
  leafSpans,
  removeConsumerGroupMember,
  replicatedCreateAccessToken,
  replicatedDeleteAccessToken,
  replicatedJoinConsumerGroup,
  replicatedLeaveConsumerGroup,
  truncatePartition,
} from '../../../src/wire/index.js';
import { golden } from '../helpers/golden.js';

interface Vector {
  readonly command: string;
  readonly code: number | null;
  readonly kind: 'request-body' | 'response-body';
  readonly description: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly hex: string;
  readonly framing?: string;
  readonly reply_body_hex?: string;
}

const vectors = golden<readonly Vector[]>('commands.json');
const internal: Readonly<Record<string, Codec<unknown>>> = {
  create_topic_with_assignments: createTopicWithAssignments,
  create_partitions_with_assignments: createPartitionsWithAssignments,
  remove_consumer_group_member: removeConsumerGroupMember,
  complete_consumer_group_revocation: completeConsumerGroupRevocation,
  truncate_partition: truncatePartition,
  join_consumer_group_replicated: replicatedJoinConsumerGroup,
  leave_consumer_group_replicated: replicatedLeaveConsumerGroup,
  create_personal_access_token_replicated: replicatedCreateAccessToken,
  delete_personal_access_token_replicated: replicatedDeleteAccessToken,
};

function codecOf(vector: Vector): Codec<unknown> {
  const command = commandByCode(vector.code ?? -1);
  const codec =
    command === undefined
      ? internal[vector.command.replace('internal:', '')]
      : vector.kind === 'request-body'
        ? command.request
        : command.response;
  if (codec === undefined) throw new Error(`no codec for ${vector.command}`);
  return codec;
}

/** The vectors name permissions as the official client does; 02 and we use snake_case. */
function ourName(key: string): string {
  if (key === 'manage') return 'manage_topic';
  if (key === 'read') return 'read_topic';
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');
  return snake.replace(/_hex$/, '');
}

// The official client takes no fsync argument: its bytes say false whatever the vector asked for.
const notOnTheWire = new Set(['operation', 'trailing_partitions_count', 'fsync']);

/** Fails unless the decoded value says everything the vector says. */
function expectSame(expected: unknown, actual: unknown, path: string): void {
  if (Array.isArray(expected)) {
    expect(actual, path).toHaveLength(expected.length);
    const items = actual as readonly unknown[];
    for (const [i, each] of expected.entries()) expectSame(each, items[i], `${path}[${i}]`);
  } else if (actual instanceof Uint8Array) {
    expect(toHex(actual), path).toBe(expected);
  } else if (typeof expected === 'object' && expected !== null) {
    expectSameObject(expected, actual, path);
  } else if (typeof actual === 'bigint') {
    expect(actual.toString(), path).toBe(String(expected));
  } else if (typeof expected === 'number' && Array.isArray(actual)) {
    expect(actual, path).toHaveLength(expected);
  } else {
    expect(actual, path).toStrictEqual(expected);
  }
}

function expectSameObject(expected: object, actual: unknown, path: string): void {
  if ('found' in expected || 'member' in expected) {
    expect(actual, path).toBeNull();
    return;
  }
  const parts = withDerived(actual);
  for (const [key, value] of Object.entries(expected)) {
    if (!notOnTheWire.has(key)) expectSame(value, parts[ourName(key)], `${path}.${key}`);
  }
}

/** Adds what the vectors derive from the fields of a batch. */
function withDerived(actual: unknown): Readonly<Record<string, unknown>> {
  const value = actual as Readonly<Record<string, unknown>>;
  if ('batch' in value) return { ...value, messages: withDerived(value['batch'])['messages'] };
  if (!('batch_length' in value)) return value;
  const messages = value['messages'] as readonly {
    timestamp_delta: number;
    offset_delta: number;
  }[];
  const origin = value['origin_timestamp'] as bigint;
  return {
    ...value,
    first_offset_delta: messages[0]?.offset_delta,
    messages: messages.map((each) => ({
      ...each,
      origin_timestamp: origin + BigInt(each.timestamp_delta),
    })),
  };
}

const bodies = vectors.filter((each) => each.framing !== 'whole-reply-body');

describe('golden vectors of command bodies', () => {
  for (const vector of bodies) {
    const title = `${vector.command} ${vector.kind}: ${vector.description}`;
    const trailing = 'trailing_partitions_count' in vector.fields;

    it(`decodes ${title}`, () => {
      const value = decode(codecOf(vector), fromHex(vector.hex), { allowTrailing: trailing });

      expectSame(vector.fields, value, vector.command);
    });

    it(`encodes ${title}`, () => {
      const codec = codecOf(vector);
      const value = decode(codec, fromHex(vector.hex), { allowTrailing: trailing });
      const bytes = toHex(encode(codec, value));

      // The two forms that are read but never written: the shorter one and the longer one.
      if (trailing) expect(vector.hex.startsWith(bytes)).toBe(true);
      else if (vector.description.startsWith('empty payload: same')) expect(bytes).toBe('00000000');
      else expect(bytes).toBe(vector.hex);
    });

    it(`annotates every byte of ${title}`, () => {
      const bytes = fromHex(vector.hex);
      const { spans, ...result } = annotate(codecOf(vector), bytes, { allowTrailing: trailing });

      expect(result).toMatchObject({ ok: true });
      let at = 0;
      for (const span of leafSpans(spans)) {
        expect(span.offset).toBe(at);
        at += span.size;
      }
      expect(at).toBe(trailing ? bytes.length - 4 : bytes.length);
    });
  }

  it('covers every command in both directions', () => {
    const seen = new Set(vectors.map((each) => `${each.code} ${each.kind}`));

    for (const { code } of commandList) {
      expect(seen).toContain(`${code} request-body`);
      expect(seen).toContain(`${code} response-body`);
    }
  });
});
