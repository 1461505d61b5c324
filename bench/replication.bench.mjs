// CPU of one replicated metadata operation on all three nodes together, without sockets.
//
//   node bench/replication.bench.mjs [--profile]
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = join(root, '.cache/bench/replication-rig.mjs');
mkdirSync(join(root, '.cache/bench'), { recursive: true });
await build({
  entryPoints: [join(root, 'bench/lib/replication-rig.ts')],
  outfile: output,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.17',
  external: ['ws', 'hash-wasm', '@msgpack/msgpack'],
  logLevel: 'warning',
});
const { ReplicationRig } = await import(output);

const clients = 64;
const rounds = 7;
const perRound = 300;

function loginFrame(client) {
  const short = (text) => Buffer.from([text.length, ...Buffer.from(text)]);
  const version = Buffer.from([0, 44, 0, 0]);
  const body = Buffer.concat([version, ...['b', '1', 'iggy', 'iggy'].map(short), Buffer.alloc(4)]);
  return header(1, client, 0n, 0n, body);
}

function header(operation, client, session, request, body) {
  const frame = Buffer.alloc(256 + body.length);
  frame.writeUInt32LE(frame.length, 48);
  frame[60] = 5;
  frame.writeUInt32LE(client, 128);
  frame.writeBigUInt64LE(request, 168);
  frame[176] = operation;
  frame.writeBigUInt64LE(session, 184);
  body.copy(frame, 256);
  return frame;
}

const rig = new ReplicationRig(3);
const sessions = new Map();
rig.onReply = (connection, frame) => {
  sessions.set(connection, Buffer.from(frame.buffer, frame.byteOffset).readBigUInt64LE(264));
};
for (let connection = 1; connection <= clients; connection++) {
  const info = {
    connection,
    address: 'x:1',
    localAddress: 'x',
    transport: 1,
    framing: 'consensus',
  };
  rig.hosts[0].push({ kind: 'opened', info });
  rig.hosts[0].push({ kind: 'data', connection, chunk: loginFrame(connection) });
  rig.run();
}

let replies = 0;
rig.onReply = (_connection, frame) => {
  if (frame[256] !== 0) throw new Error('refused');
  replies += 1;
};
let request = 0n;
let name = 0;

/** Every client sends one request; all of them are replicated and answered. */
function turn() {
  request += 1n;
  for (let connection = 1; connection <= clients; connection++) {
    const body = Buffer.from(`\u000b${String(name++).padStart(11, '0')}`);
    const chunk = header(128, connection, sessions.get(connection), request, body);
    rig.hosts[0].push({ kind: 'data', connection, chunk });
  }
  rig.run();
  for (const host of rig.hosts) host.push({ kind: 'tick' });
  rig.run();
}

const session = new Session();
if (process.argv.includes('--profile')) {
  session.connect();
  await session.post('Profiler.enable');
}
const costs = [];
for (let round = 0; round < rounds; round++) {
  if (round === 2 && process.argv.includes('--profile')) await session.post('Profiler.start');
  const before = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < perRound; i++) turn();
  const cpu = process.cpuUsage(before);
  const count = perRound * clients;
  costs.push({
    cpu: (cpu.user + cpu.system) / count,
    wall: ((performance.now() - start) * 1000) / count,
  });
}
if (process.argv.includes('--profile')) {
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(join(root, '.cache/bench/replication.cpuprofile'), JSON.stringify(profile));
}
if (replies !== rounds * perRound * clients) throw new Error(`only ${replies} replies`);
const least = (key) => Math.min(...costs.slice(1).map((cost) => cost[key])).toFixed(1);
console.log(
  `CPU of three nodes: ${least('cpu')} µs/op (with GC threads), wall ${least('wall')} µs/op`,
);
