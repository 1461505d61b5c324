// The service behind `decode`, with a process made of memory.
import { describe, expect, it, vi } from 'vitest';
import { isIggyctlError } from '../../../src/base/index.js';
import { CliError } from '../../../src/cli/cli-error.js';
import { type DecodeIo, OutputClosed } from '../../../src/cli/decode/io.js';
import { type DecodeFlags, decodeRequest } from '../../../src/cli/decode/request.js';
import { runDecode } from '../../../src/cli/decode/run-decode.js';
import { ipPacket, links, pcapFile } from '../../helpers/packets.js';
import * as frames from '../../helpers/sample-frames.js';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Setup {
  readonly flags?: DecodeFlags;
  readonly words?: readonly string[];
  readonly stdin?: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly write?: (bytes: Uint8Array) => void;
  readonly interrupted?: Promise<number>;
}

async function run(setup: Setup): Promise<Run> {
  const out: Buffer[] = [];
  let err = '';
  const io: DecodeIo = {
    env: setup.env ?? {},
    stdinIsTty: setup.stdin === undefined,
    columns: setup.columns ?? 0,
    stdin: () => chunksOf(setup.stdin ?? []),
    file: (path) => fileOf(path, setup.files ?? {}),
    write: setup.write ?? ((bytes) => void out.push(Buffer.from(bytes))),
    note: (text) => {
      err += text;
    },
    interrupted: () => setup.interrupted ?? new Promise<number>(() => undefined),
  };
  const request = decodeRequest(setup.flags ?? {}, setup.words ?? [], io);
  const code = await runDecode(request, io);
  return { code, out: Buffer.concat(out).toString(), err };
}

async function* chunksOf(
  chunks: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk;
}

async function* fileOf(
  path: string,
  files: Readonly<Record<string, Uint8Array>>,
): AsyncGenerator<Uint8Array> {
  const bytes = files[path];
  if (bytes === undefined) throw new CliError('E_IO', `cannot read ${path}: no such file`);
  await Promise.resolve();
  yield bytes;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const login = frames.registerFrame('hunter2-long');
const three = frames.joined([1n, 2n, 3n].map((number) => frames.createStream('a', number)));

describe('decode', () => {
  it('06-S39 explains a login and hides its password', async () => {
    const { code, out, err } = await run({ words: [hex(login)] });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Request {2}Register/);
    expect(out).toContain('"node-sdk"');
    expect(out).toContain('********');
    expect(out).not.toContain('hunter2');
    const shown = await run({ words: [hex(login)], flags: { 'show-secrets': true } });
    expect(shown.out).toContain('hunter2-long');
  });

  it('06-S43 prints a frame with a flipped bit and ends with 10', async () => {
    const frame = Uint8Array.from(frames.commitFrame(3n));
    frame[152] = (frame[152] ?? 0) ^ 1;
    const { code, out } = await run({ stdin: [frame] });
    expect(code).toBe(10);
    expect(out).toMatch(/^checksum .*MISMATCH expected 0x[0-9a-f]{16}/m);
    expect(out).toMatch(/problem: the frame checksum does not match: expected 0x.*, found 0x/);
  });

  it('06-S44 decodes the header of a cut frame, says what is missing and ends with 12', async () => {
    const frame = frames.createStream('x'.repeat(255));
    const { code, out } = await run({ stdin: [frame.subarray(0, 300)] });
    expect(code).toBe(12);
    expect(out).toContain('212 bytes missing');
    expect(out).toMatch(/^operation .*CreateStream/m);
    const json = await run({ stdin: [frame.subarray(0, 300)], flags: { json: true } });
    expect(json.code).toBe(12);
    expect(lines(json.out)).toMatchObject([
      { kind: 'decode.summary', frames: 0, partial_bytes: 300, missing_bytes: 212 },
    ]);
  });

  it('06-S45 gives lines of frames and a summary, and ends with 12', async () => {
    const bytes = Buffer.concat([three, three.subarray(0, 40)]);
    const { code, out } = await run({ stdin: [bytes], flags: { json: true } });
    expect(code).toBe(12);
    const found = lines(out);
    expect(found.map((line) => line['kind'])).toEqual([
      ...['frame', 'frame', 'frame', 'decode.summary'],
    ]);
    expect(found[3]).toMatchObject({ frames: 3, malformed: 0, partial_bytes: 40 });
  });

  it('prints one document for one frame: over lines on a terminal, one line elsewhere', async () => {
    const piped = await run({ words: [hex(login)], flags: { json: true } });
    expect(piped.out.split('\n')).toHaveLength(2);
    const terminal = await run({ words: [hex(login)], flags: { json: true }, columns: 80 });
    expect(terminal.out).toMatch(/^{\n {2}"kind": "frame",\n/);
    expect(JSON.parse(terminal.out)).toEqual(JSON.parse(piped.out));
    const several = await run({ stdin: [three], flags: { json: true }, columns: 80 });
    expect(lines(several.out)).toHaveLength(4);
  });

  it('06-S47 points at what is no input form, and ends with 2', async () => {
    const { code, out, err } = await run({ stdin: [Buffer.from('zz\n')] });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: cannot read the input as hex: line 1, column 1/);
    const json = await run({ stdin: [Buffer.from('zz\n')], flags: { json: true } });
    expect(JSON.parse(json.err)).toMatchObject({ kind: 'error', error: { exit_code: 2 } });
  });

  it('prints good frames around damage with --resync, and ends with 10', async () => {
    const bytes = Buffer.concat([three, Buffer.alloc(77, 9), three]);
    const { code, out } = await run({ stdin: [bytes], flags: { json: true, resync: true } });
    const found = lines(out);
    expect(code).toBe(10);
    expect(found.filter((line) => line['kind'] === 'frame' && isGood(line))).toHaveLength(6);
    expect(found.at(-1)).toMatchObject({ malformed: 1 });
  });

  it('lets malformed outrank incomplete, and warnings fail only when that is asked for', async () => {
    const odd = Uint8Array.from(frames.getStream(1));
    odd[210] = 1;
    expect((await run({ stdin: [odd] })).code).toBe(0);
    expect((await run({ stdin: [odd], flags: { strict: true } })).code).toBe(1);
    const bad = Uint8Array.from(frames.commitFrame(1n));
    bad[200] = 1;
    const both = Buffer.concat([bad, three.subarray(0, 30)]);
    expect((await run({ stdin: [both], flags: { strict: true } })).code).toBe(10);
  });

  it('reads arguments first, then files; standard input only when there is nothing else', async () => {
    const files = { a: frames.commitFrame(1n), b: Buffer.from(hex(frames.evictionFrame(7))) };
    const { out } = await run({
      words: [hex(login).slice(0, 100), hex(login).slice(100)],
      flags: { file: ['a', 'b'], output: 'plain' },
      stdin: [three],
      files,
    });
    const rows = out.trim().split('\n');
    expect(rows.map((row) => row.split('\t')[7])).toEqual(['Request', 'Commit', 'Eviction']);
    const asked = await run({ words: ['-'], stdin: [three], flags: { output: 'plain' } });
    expect(asked.out.trim().split('\n')).toHaveLength(3);
  });

  it('keeps what it printed when a later file is missing, and ends with 18', async () => {
    const flags = { file: ['a', 'missing'] };
    const { code, out, err } = await run({ flags, files: { a: frames.commitFrame(1n) } });
    expect(code).toBe(18);
    expect(out).toMatch(/^Commit/);
    expect(err).toContain('cannot read missing');
  });

  it('filters, skips, limits and stops reading when it has enough', async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        await Promise.resolve();
        taken += 1;
        yield three;
      }
    }
    const flags = {
      filter: 'request=2',
      skip: 1,
      limit: 2,
      output: 'plain',
      fields: 'index,request',
    };
    const { code, out } = await run({ stdin: endless(), flags });
    expect({ code, out }).toEqual({ code: 0, out: '4\t2\n7\t2\n' });
    expect(taken).toBeLessThan(10);
  });

  it('counts without printing frames', async () => {
    const bytes = Buffer.concat([three, frames.commitFrame(1n), three.subarray(0, 9)]);
    const { code, out } = await run({ stdin: [bytes], flags: { quiet: true } });
    expect(code).toBe(12);
    expect(out.split('\n')).toEqual([
      'Command  Operation     Count  Bytes',
      `Request  CreateStream      3    ${three.length}`,
      'Commit                     1    256',
      `4 frames, ${three.length + 256} bytes, 0 malformed, 9 bytes of an unfinished frame`,
      '',
    ]);
    const json = await run({ stdin: [bytes], flags: { quiet: true, json: true } });
    expect(lines(json.out)).toMatchObject([{ kind: 'decode.summary', frames: 4 }]);
  });

  it('prints a frame before the input ends', async () => {
    const printed: Buffer[] = [];
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield three.subarray(0, 300);
      await vi.waitFor(() => expect(printed).not.toEqual([]), 60_000);
      yield three.subarray(300);
    }
    const write = (bytes: Uint8Array) => void printed.push(Buffer.from(bytes));
    await run({ stdin: slow(), flags: { json: true }, write });
    expect(printed.length).toBeGreaterThan(1);
  });

  it('prints a frame of a capture that is still being written', async () => {
    const data = frames.getStream(1);
    const packet = ipPacket({ from: ['::1', 5], to: ['::1', 8090], sequence: 9, data });
    const file = pcapFile([{ bytes: packet, timeMicros: 1 }], { linkType: links.raw.linkType });
    const printed: Buffer[] = [];
    async function* open(): AsyncGenerator<Uint8Array> {
      yield file;
      await vi.waitFor(() => expect(printed).not.toEqual([]), 60_000);
    }
    const write = (bytes: Uint8Array) => void printed.push(Buffer.from(bytes));
    expect(await run({ stdin: open(), write })).toMatchObject({ code: 0 });
  });

  it('ends quietly when nobody reads its output, with 18 when the output cannot be written', async () => {
    const closed = () => {
      throw new OutputClosed();
    };
    expect(await run({ stdin: [three], write: closed })).toMatchObject({ code: 0, err: '' });
    const full = () => {
      throw new CliError('E_IO', 'cannot write the output: no space');
    };
    expect(await run({ stdin: [three], write: full })).toMatchObject({ code: 18 });
  });

  it('stops on an interruption and prints the summary on standard error', async () => {
    async function* forever(): AsyncGenerator<Uint8Array> {
      yield three;
      await new Promise(() => undefined);
    }
    let out = '';
    let interrupt: (status: number) => void = () => undefined;
    const interrupted = new Promise<number>((resolve) => {
      interrupt = resolve;
    });
    const write = (bytes: Uint8Array) => {
      out += Buffer.from(bytes).toString();
      if (lines(out).length === 3) interrupt(130);
    };
    const setup = { stdin: forever(), flags: { json: true }, interrupted, write };
    const { code, err } = await run(setup);
    expect(code).toBe(130);
    expect(lines(out)).toHaveLength(3);
    expect(lines(err)).toMatchObject([{ kind: 'decode.summary', frames: 3 }]);
  });

  it('takes format and colour from the environment', async () => {
    const env = { IGGYCTL_OUTPUT: 'ndjson' };
    expect(lines((await run({ stdin: [three], env })).out)).toHaveLength(4);
    const colored = { stdin: [three], columns: 80, env: { TERM: 'xterm' } };
    expect((await run(colored)).out).toContain('\u001b[');
    const plain = await run({ ...colored, env: { TERM: 'xterm', NO_COLOR: '1' } });
    expect(plain.out).not.toContain('\u001b');
  });

  it('refuses what it cannot do before it reads anything', () => {
    const around = { env: {}, stdinIsTty: true };
    const bad: readonly DecodeFlags[] = [{ output: 'csv' }, { filter: 'nope=1' }, { fields: ',' }];
    for (const flags of bad) {
      expect(() => decodeRequest(flags, [], around)).toThrow(Error);
      try {
        decodeRequest(flags, [], around);
      } catch (error) {
        expect(isIggyctlError(error)).toBe(true);
      }
    }
    expect(decodeRequest({}, [], around).sources).toEqual([]);
  });
});

function isGood(line: Record<string, unknown>): boolean {
  return Array.isArray(line['problems']) && line['problems'].length === 0;
}
