// The SDK beside the official Node.js client: the same requests to the same server in one run, in turns.
// The official client is not part of this project; its checkout (with its packages installed) is named by
// the first argument, and its sources are only read.
//
//   node bench/sdk-official.bench.mjs PATH/TO/iggy/foreign/node [SECONDS]
import { mkdirSync, symlinkSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildCluster, cache, startCluster } from './lib/cluster-process.mjs';
import { loadSource } from './load-source.mjs';

const checkout = process.argv[2];
if (checkout === undefined) {
  console.log('skipped: name a checkout of the official Node.js client');
  process.exit(0);
}
const seconds = Number(process.argv[3] ?? 2);
/** Short turns, so that other work on the machine slows both alike. */
const rounds = 9;
const depth = 64;
const payload = Buffer.alloc(1000, 'x');
const perBatch = 100;

const official = await loadOfficial(resolve(checkout));
await buildCluster();
const { IggyClient } = await loadSource('src/index.ts');
const cluster = await startCluster({ nodes: 1, portBase: 0, ephemeral: true });
const [{ tcp: port }] = cluster.ready.nodes;

/** Bundled, since the sources are TypeScript; its packages stay where they are. */
async function loadOfficial(root) {
  const folder = join(cache, 'official');
  mkdirSync(folder, { recursive: true });
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  } catch {
    // There already.
  }
  const outfile = join(folder, 'client.mjs');
  await build({
    entryPoints: [join(root, 'src/index.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  return await import(pathToFileURL(outfile).href);
}

const credentials = { username: 'iggy', password: 'iggy' };
const ours = (options) =>
  IggyClient.connect({
    servers: [`127.0.0.1:${port}`],
    credentials,
    heartbeatMillis: 0,
    ...options,
  });
const lockstep = await ours();
const pipelined = await ours({ mode: 'pipelined' });
const theirs = new official.SingleClient({
  transport: 'TCP',
  options: { host: '127.0.0.1', port },
  credentials,
  heartbeatInterval: 0,
});

await lockstep.streams.create('bench');
await lockstep.topics.create('bench', { name: 'ours', partitions: 1 });
await lockstep.topics.create('bench', { name: 'theirs', partitions: 1 });
const place = { stream: 'bench', topic: 'ours', partitioning: { partition: 0 } };
const batch = Array.from({ length: perBatch }, () => ({ payload }));
const theirBatch = {
  streamId: 'bench',
  topicId: 'theirs',
  messages: batch,
  partition: official.Partitioning.PartitionId(0),
};
const theirPoll = {
  streamId: 'bench',
  topicId: 'theirs',
  consumer: official.Consumer.Single,
  partitionId: 0,
  pollingStrategy: official.PollingStrategy.First,
  count: perBatch,
  autocommit: false,
};
const ourPoll = {
  ...{ stream: 'bench', topic: 'ours', consumer: 1, partition: 0, from: 'first', count: perBatch },
};
let names = 0;
const next = () => `n${names++}`;

const rows = [
  ['lockstep: ping', 1, () => lockstep.ping(), () => theirs.system.ping()],
  [
    'lockstep: create stream',
    1,
    () => lockstep.streams.create(next()),
    () => theirs.stream.create({ name: next() }),
  ],
  [`${depth} open: ping`, depth, () => pipelined.ping(), () => theirs.system.ping()],
  [
    `${depth} open: create stream`,
    depth,
    () => pipelined.streams.create(next()),
    () => theirs.stream.create({ name: next() }),
  ],
  [
    `send ${perBatch} x 1 kB`,
    1,
    () => lockstep.messages.send(place, batch),
    () => theirs.message.send(theirBatch),
  ],
  [
    `poll ${perBatch} x 1 kB`,
    1,
    () => lockstep.messages.poll(ourPoll),
    () => theirs.message.poll(theirPoll),
  ],
];

/** Requests a second with so many open at a time, and the processor time of one in microseconds. */
async function rate(open, request, millis) {
  let done = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + millis;
  const loop = async () => {
    while (performance.now() < end) {
      await request();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: open }, loop));
  const { user, system } = process.cpuUsage(cpu);
  return { rate: (1000 * done) / (performance.now() - start), cost: (user + system) / done };
}

const median = (list, key) => list.map((each) => each[key]).sort((a, b) => a - b)[list.length >> 1];
console.log(`one node in memory, Node.js ${process.version}, load ${loadavg()[0].toFixed(1)}`);
console.log('                              requests per second      µs of CPU per request');
console.log('                             iggyctl official  ratio   iggyctl official  ratio');
for (const [name, open, our, their] of rows) {
  await rate(open, our, 300);
  await rate(open, their, 300);
  const figures = { our: [], their: [] };
  for (let round = 0; round < rounds; round++) {
    figures.our.push(await rate(open, our, (seconds * 1000) / rounds));
    figures.their.push(await rate(open, their, (seconds * 1000) / rounds));
  }
  const cells = ['rate', 'cost'].map((key) => {
    const [a, b] = [median(figures.our, key), median(figures.their, key)];
    const ratio = key === 'rate' ? a / b : b / a;
    const numbers = [a, b].map((each) => String(Math.round(each)).padStart(9));
    return `${numbers.join('')}  ${ratio.toFixed(2)}x`;
  });
  console.log(`${name.padEnd(27)}${cells.join('  ')}`);
}
await lockstep.close();
await pipelined.close();
await theirs.destroy?.();
await cluster.stop();
process.exit(0);
