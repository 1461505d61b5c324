import {
  decodeUserHeaders,
  encodeUserHeaders,
  type UserHeader,
  valueKinds,
} from '../../wire/index.js';
import { CliError, usageError } from '../cli-error.js';
import { headersOf } from './header-flags.js';
import { FileReader } from './iggy-file.js';
import type { Outgoing } from './send-run.js';
import { splitRecords } from './split-records.js';

/** How a file is read. */
export interface ImportRules {
  readonly format: string;
  readonly preserveTimestamps: boolean;
  readonly keepPartitions: boolean;
}

/** The messages of a file that `message export` or the official command line wrote. */
export async function* importedMessages(
  input: AsyncIterable<Uint8Array | string>,
  rules: ImportRules,
): AsyncGenerator<Outgoing, void, undefined> {
  if (rules.format === 'iggy') yield* ofPollFile(input, rules);
  else yield* ofNdjson(input, rules);
}

async function* ofPollFile(
  input: AsyncIterable<Uint8Array | string>,
  { preserveTimestamps }: ImportRules,
): AsyncGenerator<Outgoing, void, undefined> {
  const reader = new FileReader();
  let line = 0;
  for await (const chunk of input) {
    for (const { id, payload, userHeaders, originTimestamp } of reader.push(
      Buffer.from(chunk as Uint8Array),
    )) {
      line += 1;
      const headers = decodeUserHeaders(userHeaders);
      const time = preserveTimestamps ? { originTimestamp } : {};
      yield {
        id,
        payload: Uint8Array.from(payload),
        line,
        ...(headers.length > 0 && { headers }),
        ...time,
      };
    }
  }
  if (reader.left > 0) {
    throw new CliError('E_DAMAGED', `${reader.left} bytes behind message ${line} are no message`, {
      hint: 'is it a poll file? ndjson is read with --format ndjson',
    });
  }
}

async function* ofNdjson(
  input: AsyncIterable<Uint8Array | string>,
  rules: ImportRules,
): AsyncGenerator<Outgoing, void, undefined> {
  let line = 0;
  for await (const record of splitRecords(input, Buffer.from('\n'))) {
    line += 1;
    const text = record.toString('utf8').trim();
    if (text !== '') yield messageOf(text, line, rules);
  }
}

type Json = Readonly<Record<string, unknown>>;

function messageOf(text: string, line: number, rules: ImportRules): Outgoing {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw usageError(`line ${line} is not JSON`, 'the form is that of iggyctl message export');
  }
  const message: Json = typeof value === 'object' && value !== null ? (value as Json) : {};
  const { payload_hex: hex, payload_text: plain, id, partition, headers } = message;
  const payload =
    typeof hex === 'string'
      ? Buffer.from(hex, 'hex')
      : typeof plain === 'string'
        ? Buffer.from(plain)
        : undefined;
  if (payload === undefined) {
    throw usageError(
      `line ${line} has neither payload_hex nor payload_text`,
      'the form is that of iggyctl message export; other JSON goes with message send --input ndjson',
    );
  }
  const origin = message['origin_timestamp'];
  return {
    ...{ payload, line },
    ...(typeof id === 'string' && /^(?:0x[0-9a-f]+|\d+)$/i.test(id) ? { id: BigInt(id) } : {}),
    ...(rules.keepPartitions && typeof partition === 'number' ? { partition } : {}),
    ...(rules.preserveTimestamps && typeof origin === 'string'
      ? { originTimestamp: microsOf(origin, line) }
      : {}),
    ...(Array.isArray(headers) && headers.length > 0
      ? { headers: headers.map((each: unknown) => headerOf(each, line)) }
      : {}),
  };
}

function microsOf(text: string, line: number): bigint {
  const millis = Date.parse(text);
  if (!Number.isFinite(millis)) throw usageError(`line ${line}: origin_timestamp is not a time`);
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return (
    BigInt(Math.floor(millis / 1000)) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
  );
}

/** Kinds are the protocol's numbers; values that are bytes are hexadecimal. */
function headerOf(value: unknown, line: number): UserHeader {
  const header: Json = typeof value === 'object' && value !== null ? (value as Json) : {};
  const { key, kind, value: text } = header;
  const name = Object.entries(valueKinds).find(
    ([, number]) => String(number) === String(kind),
  )?.[0];
  if (typeof key !== 'string' || typeof text !== 'string') {
    throw usageError(`line ${line}: a header has no key or no value`);
  }
  const written = name === 'raw' ? `0x${text}` : text;
  const [made] = headersOf([`${key}:${name ?? 'string'}=${written}`]);
  if (made === undefined) throw usageError(`line ${line}: a header cannot be read`);
  encodeUserHeaders([made]);
  return made;
}
