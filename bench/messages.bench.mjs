// Sending and polling 1 KiB messages in batches of 1,000 over TCP, on one and on three nodes,
// measured from this process while the cluster runs in another one.
//
//   node bench/messages.bench.mjs [--seconds 5] [--nodes 3] [--only ephemeral|durable]
//     [--phase send|poll] [--profile]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { buildCluster, cache, dataDirectory, startCluster } from './lib/cluster-process.mjs';
import { LockstepClient } from './lib/lockstep-client.mjs';
import { messageBodies } from './lib/message-bodies.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    only: { type: 'string' },
    phase: { type: 'string' },
    nodes: { type: 'string', default: '1,3' },
    profile: { type: 'boolean', default: false },
  },
});
const millis = Number(values.seconds) * 1000;
const size = 1024;
const perBatch = 1000;
const producers = 4;

await buildCluster();
const { sendBody, pollBody, topicBody } = await messageBodies();

const report = (what, value, goal = '') => console.log(`${what.padEnd(40)} ${value}   ${goal}`);
const codeOf = (reply) => reply.readUInt32LE(216);

async function loggedIn(port, id) {
  const client = await LockstepClient.connect(port);
  await client.login(id);
  return client;
}

async function makeTopic(port) {
  const client = await loggedIn(port, 1);
  await client.mutate('s');
  const reply = await client.ask(client.frame(132, topicBody()));
  if (reply.readUInt32LE(256) !== 0) throw new Error('no topic');
  client.close();
}

async function measureSend(cluster, label, goal) {
  const body = sendBody(perBatch, size);
  const clients = await Promise.all(
    Array.from({ length: producers }, (_, i) => loggedIn(cluster.port, 10 + i)),
  );
  let batches = 0;
  const run = async (duration) => {
    const end = performance.now() + duration;
    await Promise.all(
      clients.map(async (client) => {
        const frame = client.frame(160, body);
        while (performance.now() < end) {
          const reply = await client.ask(frame);
          if (codeOf(reply) !== 0) throw new Error(`send refused: ${codeOf(reply)}`);
          batches += 1;
        }
      }),
    );
  };
  await run(Math.min(500, millis));
  if (values.phase === 'poll') return;
  batches = 0;
  const start = performance.now();
  const before = cluster.usage();
  await run(millis);
  const seconds = (performance.now() - start) / 1000;
  const bytes = batches * perBatch * size;
  const cpu = cluster.usage().cpuSeconds - before.cpuSeconds;
  report(
    `${label}: send, ${producers} producers`,
    `${(bytes / seconds / 1e6).toFixed(0)} MB/s`,
    goal,
  );
  report(`${label}: CPU of the cluster, sending`, `${((cpu / bytes) * 1e9).toFixed(2)} ms/MB`);
  for (const client of clients) client.close();
}

async function measurePoll(cluster, label) {
  const client = await loggedIn(cluster.port, 50);
  let bytes = 0;
  let offset = 0n;
  const end = performance.now() + millis;
  const start = performance.now();
  const before = cluster.usage();
  while (performance.now() < end) {
    const reply = await client.ask(client.frame(2, pollBody(offset, perBatch), 100));
    if (codeOf(reply) !== 0) throw new Error(`poll refused: ${codeOf(reply)}`);
    const count = reply.readUInt32LE(268);
    offset = count < perBatch ? 0n : offset + BigInt(count);
    bytes += count * size;
  }
  const seconds = (performance.now() - start) / 1000;
  report(
    `${label}: poll, one consumer`,
    `${(bytes / seconds / 1e6).toFixed(0)} MB/s`,
    'goal ≥ 500 MB/s',
  );
  const cpu = cluster.usage().cpuSeconds - before.cpuSeconds;
  report(`${label}: CPU of the cluster, polling`, `${((cpu / bytes) * 1e9).toFixed(2)} ms/MB`);
  client.close();
}

const kinds = [
  ['ephemeral', () => ({ ephemeral: true }), 'goal ≥ 200 MB/s'],
  ['durable', () => ({ dataDir: dataDirectory() }), 'goal ≥ 100 MB/s'],
];
const profile = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${cache}`] : [];
const sizes = values.nodes.split(',').map(Number);
for (const nodes of sizes) {
  for (const [kind, storage, goal] of kinds) {
    if (values.only !== undefined && values.only !== kind) continue;
    const label = `${nodes} × ${kind}`;
    const cluster = await startCluster({ nodes, portBase: 0, ...storage() }, profile);
    await makeTopic(cluster.port);
    await measureSend(cluster, label, nodes === 3 ? goal : '');
    if (values.phase !== 'send') await measurePoll(cluster, label);
    report(`${label}: memory`, `${(cluster.usage().rss / 2 ** 20).toFixed(0)} MiB`);
    await cluster.stop();
  }
}
report('load average', loadavg()[0].toFixed(1));
