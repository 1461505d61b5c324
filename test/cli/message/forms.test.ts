// The small languages of the message commands: headers, templates, input forms, formats, filters.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { headersOf } from '../../../src/cli/message/header-flags.js';
import { FileReader, toFileBytes } from '../../../src/cli/message/iggy-file.js';
import { importedMessages } from '../../../src/cli/message/import-source.js';
import { compileMessageFilter } from '../../../src/cli/message/message-filter.js';
import { compileFormat } from '../../../src/cli/message/message-format.js';
import { messageFields } from '../../../src/cli/message/message-result.js';
import { parseRate } from '../../../src/cli/message/pace.js';
import { type InputForm, openInput } from '../../../src/cli/message/read-input.js';
import { delimiterOf, messageId } from '../../../src/cli/message/send-source.js';
import { splitRecords } from '../../../src/cli/message/split-records.js';
import { compileTemplate } from '../../../src/cli/message/template.js';
import { parseTime } from '../../../src/cli/times.js';
import { encodeUserHeaders, valueKinds } from '../../../src/wire/index.js';

const folder = mkdtempSync(join(tmpdir(), 'iggyctl-forms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (const part of parts) yield Buffer.from(part as string);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function stored(payload: string, headers = headersOf([])) {
  const message = {
    ...{ offset: 7, id: 9n, timestamp: 1_700_000_000_000_000, checksum: 5n },
    ...{ originTimestamp: 1_600_000_000_000_001n, payload: Buffer.from(payload) },
    userHeaders: encodeUserHeaders(headers),
  };
  return {
    message,
    fields: messageFields({ stream: 's', topic: 't', partition: 2 }, message, headers),
  };
}

async function read(form: InputForm, content: string, skips?: string[]) {
  const file = join(folder, 'input');
  writeFileSync(file, content);
  const skip = skips && ((line: number, problem: string) => void skips.push(`${line}: ${problem}`));
  const source = { file, form, delimiter: undefined, ...(skip === undefined ? {} : { skip }) };
  return (await all(await openInput(source, () => undefined))).map(({ payload }) => text(payload));
}

describe('input', () => {
  test('is cut at delimiters wherever the chunks end', async () => {
    const cut = async (delimiter: string, ...parts: string[]) =>
      (await all(splitRecords(chunks(...parts), Buffer.from(delimiter)))).map(String);
    expect(await cut('\n', 'a\r', '\nb', 'c\n\nd')).toEqual(['a', 'bc', '', 'd']);
    expect(await cut('--', 'a-', '-b-c', '--')).toEqual(['a', 'b-c']);
    expect(await cut('\n')).toEqual([]);
  });

  test('lines keep bytes that are no text', async () => {
    const [record] = await all(
      splitRecords(chunks(Buffer.from([0xff, 0xfe, 0x0a])), Buffer.from('\n')),
    );
    expect(record).toEqual(Buffer.from([0xff, 0xfe]));
  });

  test('JSON gives its elements with all their digits', async () => {
    expect(await read('json', ' [1, "a,]\\"", {"big": 12345678901234567890}, [ ] ]')).toEqual([
      ...['1', '"a,]\\""', '{"big": 12345678901234567890}', '[ ]'],
    ]);
    expect(await read('json', '{"one": [1, 2]}')).toEqual(['{"one": [1, 2]}']);
  });

  test('06-S58 what cannot be read is named with line and column before anything is sent', async () => {
    await expect(read('json', '{"bad')).rejects.toThrow(/line 1, column 2/);
    await expect(read('ndjson', '{}\n{"a":}\n')).rejects.toThrow(/line 2, column 6/);
    await expect(read('json', '[1,\n  tru]')).rejects.toThrow(/line 2, column 3/);
    await expect(read('json', '[1, 2')).rejects.toThrow(/line 1, column 6/);
    await expect(read('hex', '00ff\nzz\n')).rejects.toThrow(/line 2, column 1: not a hex digit/);
    await expect(read('base64', 'aGk=\n*\n')).rejects.toThrow(/line 2, column 1/);
  });

  test('wrong lines are left out when that is wanted', async () => {
    const skips: string[] = [];
    expect(await read('ndjson', '1\n{\n2\n', skips)).toEqual(['1', '2']);
    expect(skips).toHaveLength(1);
    expect(skips[0]).toMatch(/^2: /);
  });

  test('hex and base64 are decoded, binary is one message', async () => {
    expect(await read('hex', '0x6869\n68 69 0a\n')).toEqual(['hi', 'hi\n']);
    expect(await read('base64', 'aGk=\n')).toEqual(['hi']);
    expect(await read('binary', 'a\nb')).toEqual(['a\nb']);
  });

  test('delimiters, ids and rates are checked', () => {
    expect(delimiterOf('\\0')).toEqual(Buffer.from([0]));
    expect(delimiterOf('\\x1e\\n')).toEqual(Buffer.from([0x1e, 0x0a]));
    expect(messageId('0x10')).toBe(16n);
    expect(() => messageId('-1')).toThrow(/128 bits/);
    expect(parseRate('600/m')).toBe(10);
    expect(() => parseRate('fast')).toThrow(/--rate/);
  });
});

describe('headers', () => {
  test('are written in three ways', () => {
    const value = { kind: valueKinds.string, value: 'b:c,d=e' };
    expect(headersOf(['a=b:c,d=e'])[0]?.value).toEqual(value);
    expect(headersOf(['n:uint64=5'])[0]?.value).toEqual({ kind: valueKinds.uint64, value: 5n });
    expect(headersOf(['a:bool:true,b:int8:-1']).map((each) => each.value)).toEqual([
      { kind: valueKinds.bool, value: true },
      { kind: valueKinds.int8, value: -1 },
    ]);
  });

  test('kinds and values that do not exist are refused', () => {
    expect(() => headersOf(['a:strng=x'])).toThrow(/did you mean string/);
    expect(() => headersOf(['a:uint8=300'])).toThrow(/not a value of kind uint8/);
    expect(() => headersOf(['a:bool=maybe'])).toThrow(/not a value of kind bool/);
    expect(() => headersOf(['novalue'])).toThrow(/key=value/);
  });
});

describe('templates, formats and filters', () => {
  test('a template is filled in for each message', () => {
    const template = compileTemplate('{{n}} {{ random 2 }}');
    expect(text(template(3))).toMatch(/^3 [0-9a-f]{4}$/);
    expect(text(compileTemplate('{{time}}')(1))).toMatch(/^\d{4}-.*Z$/);
    expect(() => compileTemplate('{{tme}}')).toThrow(/did you mean \{\{time\}\}/);
    expect(() => compileTemplate('{{n 5}}')).toThrow(/no placeholder/);
  });

  test('a format writes payloads as they are', () => {
    const { fields } = stored('pay', headersOf(['k=v']));
    const write = compileFormat('%P/%o %p [%h] %l %%\\n', 'auto');
    expect(text(write(fields))).toBe('2/7 pay [k=v] 3 %\n');
    expect(text(compileFormat('%p', 'hex')(fields))).toBe('706179');
    expect(() => compileFormat('%q', 'auto')).toThrow(/there is no %q/);
  });

  test('a filter looks into headers and JSON', () => {
    const { fields } = stored('{"a":{"b":41}}', headersOf(['kind=order']));
    const holds = (filter: string) => compileMessageFilter(filter)?.(fields);
    expect(holds('offset = 7 && json.a.b > 40')).toBe(true);
    expect(holds('headers.kind ~ ord && partition != 2')).toBe(false);
    expect(holds('payload ~ "b"')).toBe(true);
    expect(() => compileMessageFilter('ofset = 1')).toThrow(/did you mean offset/);
  });

  test('times are absolute, unix of any unit, or relative', () => {
    expect(parseTime('2026-11-22', '--from')).toBe(1_795_305_600_000_000n);
    expect(parseTime('2026-11-22T00:00:00.000123Z', '--from')).toBe(1_795_305_600_000_123n);
    expect(parseTime('2026-11-22 01:00', '--from')).toBe(1_795_309_200_000_000n);
    for (const same of ['1795305600', '1795305600000', '1795305600000000']) {
      expect(parseTime(same, '--from')).toBe(1_795_305_600_000_000n);
    }
    expect(parseTime('-15m', '--from', 1_000_000)).toBe(100_000_000n);
    expect(() => parseTime('yesterday', '--from')).toThrow(/--from/);
  });
});

describe('files', () => {
  test('a poll file of the official command line is written and read back, in any chunks', () => {
    const { message } = stored('payload', headersOf(['k=v']));
    const bytes = toFileBytes(message);
    // Head: checksum, id, offset, times, lengths, reserved.
    expect(bytes.length).toBe(64 + 7 + message.userHeaders.length);
    expect(Buffer.from(bytes).readUInt32LE(52)).toBe(7);
    const reader = new FileReader();
    const found = [...reader.push(bytes.subarray(0, 70)), ...reader.push(bytes.subarray(70))];
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ id: 9n, offset: 7n, originTimestamp: 1_600_000_000_000_001n });
    expect(text(found[0]?.payload ?? Buffer.alloc(0))).toBe('payload');
    expect(reader.left).toBe(0);
  });

  test('an exported line is read back as it was, and the rest is refused', async () => {
    const { fields } = stored('hi', headersOf(['n:int64=-5']));
    const line = JSON.stringify(fields, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    const rules = { format: 'ndjson', preserveTimestamps: true, keepPartitions: true };
    const [back] = await all(importedMessages(chunks(`${line}\n`), rules));
    expect(back).toMatchObject({
      ...{ id: 9n, partition: 2, originTimestamp: 1_600_000_000_000_001n },
      headers: headersOf(['n:int64=-5']),
    });
    await expect(all(importedMessages(chunks('{"a":1}'), rules))).rejects.toThrow(/payload_hex/);
    const pollFile = { ...rules, format: 'iggy' };
    await expect(all(importedMessages(chunks('no'), pollFile))).rejects.toThrow(/2 bytes behind/);
  });
});
