// 5 GiB through a topic that may keep 256 MiB: the memory of the cluster over time, and what is left on
// its disk.
//
//   node bench/retention.bench.mjs [--gib 5] [--nodes 1] [--ephemeral]
import { readdirSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCluster, dataDirectory, startCluster } from './lib/cluster-process.mjs';
import { LockstepClient } from './lib/lockstep-client.mjs';
import { messageBodies } from './lib/message-bodies.mjs';

const { values } = parseArgs({
  options: {
    gib: { type: 'string', default: '5' },
    nodes: { type: 'string', default: '1' },
    ephemeral: { type: 'boolean', default: false },
  },
});
const total = Number(values.gib) * 2 ** 30;
const nodes = Number(values.nodes);
const perBatch = 1000;
const size = 1024;

await buildCluster();
const { sendBody, topicBody } = await messageBodies();
const dataDir = values.ephemeral ? undefined : dataDirectory();
const cluster = await startCluster({
  nodes,
  portBase: 0,
  ...(dataDir === undefined ? { ephemeral: true } : { dataDir }),
  settings: [{ name: 'data_maintenance.messages.interval', value: '1s', origin: 'bench' }],
});

const client = await LockstepClient.connect(cluster.port);
await client.login(1);
await client.mutate('s');
const limits = { segment: 32 * 2 ** 20, topic: 256 * 2 ** 20 };
const made = await client.ask(client.frame(132, topicBody(limits)));
if (made.readUInt32LE(256) !== 0) throw new Error('no topic');

const mebibytes = (bytes) => (bytes / 2 ** 20).toFixed(0).padStart(6);
const frame = client.frame(160, sendBody(perBatch, size));
const start = performance.now();
let sent = 0;
let peak = 0;
let first = 0;
let next = 0;
console.log('  sent MiB   RSS MiB   disk MiB');
while (sent < total) {
  const reply = await client.ask(frame);
  if (reply.readUInt32LE(216) !== 0) throw new Error(`refused: ${reply.readUInt32LE(216)}`);
  sent += perBatch * size;
  if (sent < next) continue;
  next = sent + total / 20;
  const { rss } = cluster.usage();
  peak = Math.max(peak, rss);
  if (first === 0 && sent > total / 10) first = rss;
  const onDisk = dataDir === undefined ? 0 : bytesIn(dataDir) / nodes;
  console.log(`${mebibytes(sent)}    ${mebibytes(rss)}    ${mebibytes(onDisk)}`);
}
const seconds = (performance.now() - start) / 1000;
console.log(`${(sent / seconds / 1e6).toFixed(0)} MB/s, one producer, ${nodes} node(s)`);
const growth = `${mebibytes(first)} MiB after a tenth, at most ${mebibytes(peak)} MiB`;
console.log(`memory ${growth}   goal: flat`);
console.log(`load average ${loadavg()[0].toFixed(1)}`);
client.close();
await cluster.stop();

function bytesIn(directory) {
  let bytes = 0;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.log')) continue;
    bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
