// Decoding: how fast frames become NDJSON or counts, through the built command line and a pipe or a
// file; how much memory that takes; and what starting `decode` costs against starting Node.js.
// Run `npm run build` first.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSource } from './load-source.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'bin/run.js');
const cache = join(root, '.cache/bench');
const file = join(cache, 'frames.bin');
const mebibytes = Number(process.env.BENCH_MEBIBYTES ?? 1024);
const rounds = Number(process.env.BENCH_ROUNDS ?? 40);

const wire = await loadSource('src/wire/index.ts');

/** 1 MiB of 512-byte frames: requests with a stamp, prepares with identity and body checksum. */
function block() {
  const body = new Uint8Array(256).fill(0x78);
  body[0] = 255;
  const client = 0x0123_4567_89ab_cdef_0011_2233_4455_6677n;
  const operation = wire.Operation.CreateStream;
  const common = { client, operation, request: 77n, requestChecksum: wire.xxh3(body) };
  const request = wire.buildFrame('Request', { ...common, session: 9n }, body);
  const time = { op: 9n, view: 2, timestamp: 1_755_770_400_123_456n };
  const prepare = wire.buildPrepare({ ...common, ...time, group: wire.METADATA_GROUP }, body);
  const bytes = Buffer.alloc(1 << 20);
  for (let at = 0; at < bytes.length; at += 1024) {
    bytes.set(request, at);
    bytes.set(prepare, at + 512);
  }
  return bytes;
}

function writeFrames(bytes, count) {
  mkdirSync(cache, { recursive: true });
  const handle = openSync(file, 'w');
  for (let i = 0; i < count; i++) writeSync(handle, bytes);
  closeSync(handle);
}

/** Peak resident memory of a process as the kernel counted it, or 0 where it does not tell. */
function peakOf(pid) {
  const status = `/proc/${pid}/status`;
  const match = existsSync(status) ? /VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8')) : null;
  return match === null ? 0 : Number(match[1]) / 1024;
}

/** Runs `decode`, fed through a pipe when `chunks` are given; the output is read and dropped. */
async function run(args, chunks) {
  const started = performance.now();
  const child = spawn(process.execPath, [program, 'decode', ...args], {
    stdio: [chunks === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'],
  });
  let firstAt;
  let peak = 0;
  child.stdout.on('data', () => {
    firstAt ??= performance.now() - started;
  });
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 20);
  const ended = new Promise((resolve) => child.on('close', resolve));
  let fedAt = 0;
  if (chunks !== undefined) {
    for (const chunk of chunks) {
      if (!child.stdin.write(chunk)) await new Promise((go) => child.stdin.once('drain', go));
    }
    child.stdin.end();
    fedAt = performance.now() - started;
  }
  const code = await ended;
  clearInterval(watch);
  if (code !== 0) throw new Error(`decode ${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - started) / 1000, peak, firstAt, fedAt };
}

const rows = [];
function report(what, result, target) {
  rows.push({ what, result, target });
  console.log(`${what.padEnd(52)} ${result.padStart(26)}   target ${target}`);
}

const rate = (frames, seconds) => `${Math.round(frames / seconds).toLocaleString('en')} frames/s`;

async function throughput(bytes) {
  const printed = Math.min(mebibytes, 256);
  writeFrames(bytes, mebibytes);
  const counted = mebibytes * 2048;
  const quiet = await run(['-q', '-f', file]);
  report('file to counts, checksums compared', rate(counted, quiet.seconds), '1,000,000');
  const blind = await run(['-q', '--no-verify', '-f', file]);
  report('file to counts, --no-verify', rate(counted, blind.seconds), '1,000,000');
  const piped = await run(
    ['-q'],
    Array.from({ length: mebibytes }, () => bytes),
  );
  report(`${mebibytes} MiB through a pipe to counts`, rate(counted, piped.seconds), '-');
  report('  peak memory', `${piped.peak.toFixed(0)} MiB`, '< 200 MiB');
  writeFrames(bytes, printed);
  const json = await run(['--json', '-f', file]);
  report('file to NDJSON', rate(printed * 2048, json.seconds), '100,000');
  const stream = await run(
    ['--json'],
    Array.from({ length: printed }, () => bytes),
  );
  report(
    `${printed} MiB through a pipe to NDJSON`,
    rate(printed * 2048, stream.seconds),
    '100,000',
  );
  report('  peak memory', `${stream.peak.toFixed(0)} MiB`, '< 200 MiB');
  const share = `${((100 * stream.firstAt) / stream.fedAt).toFixed(1)} % of the input`;
  report('  first frame printed after', share, '< 100 %');
}

/** Medians of interleaved runs, so that a busy machine slows both alike. */
function startup(bytes) {
  const hex = bytes.subarray(0, 512).toString('hex');
  const commands = {
    base: ['-e', '0'],
    decode: [program, 'decode', hex],
    json: [program, 'decode', '--json', hex],
  };
  const times = { base: [], decode: [], json: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(commands)) {
      const started = performance.now();
      spawnSync(process.execPath, args, { stdio: 'ignore' });
      times[name].push(performance.now() - started);
    }
  }
  const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
  const base = median(times.base);
  const least = Math.min(...times.base);
  for (const name of ['decode', 'json']) {
    const ratio = median(times[name]) / base;
    const best = Math.min(...times[name]) / least;
    const result = `${ratio.toFixed(2)}x (of minima ${best.toFixed(2)}x)`;
    report(`start-up of decode${name === 'json' ? ' --json' : ''}, one frame`, result, '1.5x');
  }
}

const bytes = block();
startup(bytes);
await throughput(bytes);
rmSync(file, { force: true });
