// The built command line: the entry without the command framework, and the framework itself.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFast } from '../../src/cli/decode/fast-parser.js';
import { decodeFlags } from '../../src/cli/decode/flags.data.js';
import Decode from '../../src/commands/decode.js';
import { packageRoot } from '../helpers/package-files.js';
import { type CliRun, runCli } from '../helpers/run-cli.js';
import * as frames from '../helpers/sample-frames.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const login = hex(frames.registerFrame('hunter2-long'));
const example = '0e0000000100000007000000000000006869';
const three = frames.joined([1n, 2n, 3n].map((number) => frames.createStream('a', number)));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'iggyctl-decode-'));
  writeFileSync(join(folder, 'three.bin'), three);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same command line through the framework, whatever the fast entry would do with it. */
function throughFramework(args: readonly string[], input: string | Uint8Array): Promise<CliRun> {
  const main = pathToFileURL(join(packageRoot, 'dist/bin/main.js')).href;
  const root = pathToFileURL(join(packageRoot, 'package.json')).href;
  const script = `(await import('${main}')).main(${JSON.stringify(args)}, '${root}')`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1', COLUMNS: '100' },
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => stdout.push(data));
    child.stderr.on('data', (data: Buffer) => stderr.push(data));
    child.on('error', reject);
    child.on('close', (code) => {
      const text = (parts: readonly Buffer[]) => Buffer.concat(parts).toString();
      resolve({ code, stdout: text(stdout), stderr: text(stderr) });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

describe('the entry without the framework', () => {
  const lines: readonly (readonly [args: readonly string[], input: string | Uint8Array])[] = [
    [[login], ''],
    [['--json', login], ''],
    [[], three],
    [['--output=ndjson'], three],
    [['-o', 'plain', '--fields', 'index,request,body.name', '-f', 'three.bin'], ''],
    [['-q'], three],
    [['--annotate', '--only', 'header', '--no-verify', login], ''],
    [['--framing', 'request', example], ''],
    [['--filter', 'request>=2', '--skip', '1', '--limit=1', '-'], three],
    [['--json'], three.subarray(0, 700)],
    [[], 'zz\n'],
    [['--json'], 'zz\n'],
    [['--filter', 'nope=1', login], ''],
    [['--file', 'missing.bin'], ''],
    [['--json', '--file', 'missing.bin'], ''],
    [['--output', 'csv', login], ''],
    [['--input', 'nonsense', login], ''],
    [['--limit', 'x', login], ''],
    [['--bogus', login], ''],
    [['--json', '--bogus', login], ''],
    [['--help'], ''],
    [['--schema'], ''],
  ];
  for (const [args, input] of lines) {
    const shown = args.map((word) => (word.length > 40 ? 'HEX' : word)).join(' ');
    it(`does what the framework does: decode ${shown}`, async () => {
      const [fast, slow] = await Promise.all([
        runCli(['decode', ...args], { input, cwd: folder }),
        throughFramework(['decode', ...args], input),
      ]);
      expect(fast).toEqual(slow);
      expect(fast.code).not.toBe(70);
    });
  }

  it('starts from code that was compiled by the build', () => {
    const bin = join(packageRoot, 'dist/bin');
    const filename = join(bin, 'decode.script');
    const cachedData = readFileSync(join(bin, 'decode.cache'));
    const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
    expect(script.cachedDataRejected).toBe(false);
  });

  it('knows the same flags as the command', () => {
    const own: Readonly<Record<string, { readonly type: string }>> = Decode.flags;
    expect(Object.keys(own).sort()).toEqual(decodeFlags.map(({ name }) => name).sort());
    for (const flag of decodeFlags) {
      expect(own[flag.name]?.type).toBe(flag.type === 'boolean' ? 'boolean' : 'option');
    }
  });

  it('leaves everything out of the ordinary to the framework', () => {
    const odd = [
      ...[['--help'], ['-h'], ['--bogus'], ['--file'], ['--limit', 'x'], ['--limit', '-1']],
      ...[['--json=true'], ['--input', 'zip'], ['--filter', 'a', '--filter', 'b'], ['-qv']],
      ...[['--schema'], ['-s', 'host:1'], ['--output']],
    ];
    for (const words of odd) expect(parseFast(words), words.join(' ')).toBeUndefined();
    expect(parseFast(['a', '--', '--json', '-'])?.words).toEqual(['a', '--json', '-']);
    expect(parseFast(['--file', 'a', '-f', 'b', '--port=1', '--no-verify'])?.flags).toEqual({
      ...{ file: ['a', 'b'], port: [1], verify: false },
    });
  });
});

describe('decode', () => {
  it('hides secrets in every output', async () => {
    for (const format of ['table', 'json', 'ndjson', 'plain']) {
      const run = await runCli(['decode', '-o', format, '--annotate', login]);
      expect(run.code).toBe(0);
      expect(run.stdout + run.stderr).not.toMatch(/hunter2|68756e74657232|68 75 6e 74/);
    }
  });

  it('works with a broken config file, and without a home', async () => {
    writeFileSync(join(folder, 'broken.toml'), 'version = [');
    const env = { IGGYCTL_CONFIG: join(folder, 'broken.toml'), HOME: '/nonexistent' };
    expect(await runCli(['decode', example], { env })).toMatchObject({ code: 0, stderr: '' });
  });

  it('06-S49 takes 1 GiB through a pipe in constant memory, printing from the start', async () => {
    const frame = frames.createStream('x'.repeat(255));
    const block = Buffer.alloc(1 << 20);
    for (let at = 0; at < block.length; at += 512) block.set(frame, at);
    const counted = await pour(['decode', '-q'], block, 1024);
    expect(counted.stdout).toContain(`${2 ** 21} frames, ${2 ** 30} bytes, 0 malformed`);
    expect(counted.code).toBe(0);
    expect(counted.peakMebibytes).toBeLessThan(200);
    const printed = await pour(['decode', '--json'], block, 32);
    expect(printed.printedBeforeEnd).toBe(true);
    expect(printed.peakMebibytes).toBeLessThan(200);
    expect(printed.stdout.trimEnd().split('\n').at(-1)).toContain('"frames":65536,');
  }, 240_000);

  it('06-S49 takes a frame of 64 MiB in the same memory', async () => {
    const body = Buffer.alloc(67_108_864 - 256, 0x61);
    const frame = Buffer.concat([frames.read(9999, body)]);
    const run = await pour(['decode', '--json', '--no-verify'], frame, 1);
    expect(run.code).toBe(0);
    expect(run.peakMebibytes).toBeLessThan(260);
  }, 240_000);
});

interface Poured {
  readonly code: number | null;
  readonly stdout: string;
  readonly printedBeforeEnd: boolean;
  readonly peakMebibytes: number;
}

/** Writes `block` so many times to a child, and watches its memory and what it prints. */
async function pour(args: readonly string[], block: Buffer, times: number): Promise<Poured> {
  const child = spawn(process.execPath, [join(packageRoot, 'bin/run.js'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1' },
  });
  let size = 0;
  let tail = Buffer.alloc(0);
  child.stdout.on('data', (data: Buffer) => {
    size += data.length;
    tail = Buffer.concat([tail, data]).subarray(-4096);
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let peak = 0;
  const watch = setInterval(() => {
    void residentMebibytes(child.pid ?? 0).then((now) => {
      peak = Math.max(peak, now);
    });
  }, 100);
  for (let i = 0; i < times; i++) {
    if (!child.stdin.write(block))
      await new Promise((resolve) => child.stdin.once('drain', resolve));
  }
  const printedBeforeEnd = size > 0;
  child.stdin.end();
  const code = await ended;
  clearInterval(watch);
  return { code, stdout: tail.toString(), printedBeforeEnd, peakMebibytes: peak };
}

function residentMebibytes(pid: number): Promise<number> {
  return new Promise((resolve) => {
    const ps = spawn('ps', ['-o', 'rss=', '-p', String(pid)]);
    let text = '';
    ps.stdout.on('data', (data: Buffer) => {
      text += data.toString();
    });
    ps.on('close', () => resolve(Number(text) / 1024));
    ps.on('error', () => resolve(0));
  });
}
