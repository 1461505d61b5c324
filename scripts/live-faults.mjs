// Breaks a real local cluster again and again while clients write to it, and says what was lost.
//
//   npm run live-faults [-- --rounds 10] [--kills 20] [--program bin/run.js] [--heartbeat 2s]
//
// Ends with 1 if anything acknowledged is missing, was executed twice, or service came back late.
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { FaultWriters } from '../bench/lib/fault-writers.mjs';
import { loadSource } from '../bench/load-source.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    kills: { type: 'string', default: '20' },
    program: { type: 'string', default: 'bin/run.js' },
    heartbeat: { type: 'string', default: '2s' },
  },
});
const home = mkdtempSync(join(tmpdir(), 'iggyctl-live-'));
const env = {
  ...{ PATH: process.env.PATH, HOME: home, NO_COLOR: '1', IGGYCTL_NO_INPUT: '1' },
  ...{ XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') },
  ...{ XDG_RUNTIME_DIR: join(home, 'run') },
};
const data = join(home, 'state/iggyctl/clusters/dev/data');
const limitMillis = 2 * Number.parseFloat(values.heartbeat) * 1000;
const failures = [];
const run = promisify(execFile);
const pause = (millis) => new Promise((done) => setTimeout(done, millis));

async function iggyctl(...args) {
  const options = { env, cwd: home, maxBuffer: 1 << 26 };
  try {
    const program = resolve(import.meta.dirname, '..', values.program);
    return (await run(process.execPath, [program, ...args], options)).stdout;
  } catch (error) {
    // What a cluster is like while it recovers is asked for as well.
    if (args[1] === 'status' && error.code === 9) return error.stdout;
    throw new Error(`iggyctl ${args.join(' ')}: ${error.code} ${error.stderr}`);
  }
}

const json = async (...args) => JSON.parse(await iggyctl(...args, '--json'));
const healthy = (...until) =>
  iggyctl(
    'cluster',
    'wait',
    ...['healthy', 'converged', ...until].flatMap((u) => ['--until', u]),
    '--timeout',
    '60s',
  );

function check(what, ok, detail) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}: ${detail}`);
  if (!ok) failures.push(what);
}

async function up() {
  const ready = await json(
    'cluster',
    'up',
    '-d',
    '--port-base',
    String(basePort),
    '--set',
    `cluster.heartbeat_timeout=${values.heartbeat}`,
    '--wait',
    '60s',
  );
  return ready;
}

let basePort = 0;
const { IggyClient } = await loadSource('src/client/index.ts');
let ready = await up();
// The same ports after a restart, so that the writers find it again.
basePort = ready.nodes[0].tcp;
if (ready.nodes.some(({ tcp }, i) => tcp !== basePort + i)) {
  await iggyctl('cluster', 'down', '--purge', '--yes');
  basePort = 20_000 + (process.pid % 20_000);
  ready = await up();
}
const writers = new FaultWriters(
  IggyClient,
  ready.nodes.map(({ tcp }) => `127.0.0.1:${tcp}`),
);
await writers.prepare();

async function verified(what) {
  await healthy();
  let found = await writers.verify();
  // A node that leads the metadata may still be fetching messages that others have.
  const first = [...found.missingStreams, ...found.missingMessages];
  for (let i = 0; i < 30 && found.missingStreams.length + found.missingMessages.length > 0; i++) {
    await pause(1000);
    found = await writers.verify();
  }
  if (first.length > 0)
    console.log(`       missing at first: ${first.length}: ${first.slice(0, 8)}`);
  const lost = found.missingStreams.length + found.missingMessages.length;
  const detail =
    `${found.streams} streams, ${found.messages} messages acknowledged; ${lost} missing, ` +
    `${writers.twice.length} executed twice, ${found.repeatedMessages} messages repeated`;
  check(what, lost === 0 && writers.twice.length === 0, detail);
}

async function primaryKills() {
  const gaps = [];
  writers.start();
  for (let round = 0; round < Number(values.rounds); round++) {
    await pause(500);
    writers.takeGap();
    const { primary } = await json('cluster', 'status');
    await iggyctl('cluster', 'kill', '--primary');
    await iggyctl('cluster', 'wait', '--until', `primary!=${primary}`, '--until', 'healthy');
    while (writers.lastAck + 50 < performance.now()) await pause(20);
    gaps.push(writers.takeGap());
    await iggyctl('cluster', 'restart', String(primary));
    await healthy();
  }
  await writers.stop();
  const worst = Math.max(...gaps);
  const list = gaps.map((gap) => (gap / 1000).toFixed(1)).join(' ');
  check(
    'service after kill --primary',
    worst <= limitMillis,
    `gaps of ${list} s, limit ${limitMillis / 1000} s`,
  );
  await verified('kill --primary');
}

async function faults() {
  const during = async (what, begin, end) => {
    writers.start();
    await begin();
    await pause(3000);
    await end();
    await healthy();
    await writers.stop();
    await verified(what);
  };
  const heal = () => iggyctl('cluster', 'heal', '--restart');
  await during('isolate --primary', () => iggyctl('cluster', 'isolate', '--primary'), heal);
  await during(
    'link --drop 0.3 everywhere',
    async () => {
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [2, 0],
        [1, 0],
        [2, 1],
        [0, 2],
      ]) {
        await iggyctl(
          'cluster',
          'link',
          '--from',
          `${from}`,
          '--to',
          `${to}`,
          '--drop',
          '0.3',
          '--delay',
          '5ms~5ms',
        );
      }
    },
    heal,
  );
  for (const kind of ['torn', 'enospc', 'slow', 'fsync-fail']) {
    for (const who of ['backup', 'primary']) {
      const { primary } = await json('cluster', 'status');
      const node = String(who === 'primary' ? primary : (primary + 1) % 3);
      await during(
        `fault --disk ${kind} on the ${who}`,
        () => iggyctl('cluster', 'fault', node, '--disk', kind),
        async () => {
          await iggyctl('cluster', 'heal');
          await iggyctl('cluster', 'restart', node);
        },
      );
    }
  }
  for (const node of ['0', '1', '2']) {
    await during(
      `restart ${node} --wipe`,
      () => iggyctl('cluster', 'restart', node, '--wipe'),
      heal,
    );
  }
}

/** What a power cut may leave behind. */
function litter(round) {
  const directory = join(data, `node-${round % 3}`, 'metadata');
  appendFileSync(join(directory, 'journal.wal'), Buffer.alloc(37 + round, 0x5a));
  for (const slot of ['a', 'b']) writeFileSync(join(directory, `superblock.${slot}.tmp`), 'torn');
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function processKills() {
  for (let round = 0; round < Number(values.kills); round++) {
    const before = writers.streams.size;
    writers.start();
    while (writers.streams.size < before + 200) await pause(20);
    process.kill(ready.pid, 'SIGKILL');
    while (isAlive(ready.pid)) await pause(20);
    litter(round);
    ready = await up();
    await pause(300);
    await writers.stop();
  }
  await verified(`${values.kills} x SIGKILL with torn tails and temporary files`);
}

async function flippedBytes() {
  for (const [round, place] of [0.2, 0.5, 0.8].entries()) {
    await iggyctl('cluster', 'kill', String(round), '--mode', 'clean');
    const path = join(data, `node-${round}`, 'metadata/journal.wal');
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length * place);
    bytes[at] ^= 0x10;
    writeFileSync(path, bytes);
    await iggyctl('cluster', 'restart', String(round)).catch(() => undefined);
    // It may have been the primary.
    await iggyctl('cluster', 'wait');
    const { nodes } = await json('cluster', 'status');
    const { status, error } = nodes[round];
    check(
      `flipped byte in the journal of node ${round}`,
      status === 'refused',
      `${status}: ${error}`,
    );
    await iggyctl('cluster', 'restart', String(round), '--wipe');
    await healthy();
  }
  await verified('flipped bytes');
}

const only = process.env.ONLY?.split(',');
const parts = { primaryKills, faults, processKills, flippedBytes };
try {
  for (const [name, part] of Object.entries(parts)) {
    if (only === undefined || only.includes(name)) await part();
  }
} finally {
  writers.isOver = true;
  await iggyctl('cluster', 'down', '--force', '--purge', '--yes').catch(() => undefined);
  rmSync(home, { recursive: true, force: true });
}
console.log(`errors the clients saw: ${JSON.stringify(Object.fromEntries(writers.errors))}`);
console.log(failures.length === 0 ? 'nothing was lost' : `FAILED: ${failures.join('; ')}`);
process.exitCode = failures.length === 0 ? 0 : 1;
