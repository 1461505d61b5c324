// Replicated metadata operations of a local cluster over TCP, measured from this process while the
// cluster runs in another one: latency of one client, throughput of many, start-up, idle cost.
//
//   node bench/cluster.bench.mjs [--nodes 3] [--seconds 5] [--clients 64] [--profile]
import { parseArgs } from 'node:util';
import { buildCluster, cache, dataDirectory, startCluster } from './lib/cluster-process.mjs';
import { LockstepClient } from './lib/lockstep-client.mjs';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '64' },
    only: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});
const nodes = Number(values.nodes);
const seconds = Number(values.seconds);
const clientCount = Number(values.clients);
let names = 0;
const nextName = () => (names++).toString(36);

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const millis = (value) => `${value.toFixed(3)} ms`;
const report = (what, value, goal = '') => console.log(`${what.padEnd(44)} ${value}   ${goal}`);

async function loggedIn(port, count, firstId) {
  const clients = await Promise.all(
    Array.from({ length: count }, () => LockstepClient.connect(port)),
  );
  await Promise.all(clients.map((client, i) => client.login(firstId + i)));
  return clients;
}

async function startUp(options, label) {
  const from = performance.now();
  const cluster = await startCluster(options);
  const [client] = await loggedIn(cluster.port, 1, 1);
  report(`${label}: process to ready`, millis(cluster.readyMillis));
  report(`${label}: process to first login`, millis(performance.now() - from), 'goal ≤ 1000 ms');
  client.close();
  return cluster;
}

async function latency(port, label) {
  const [client] = await loggedIn(port, 1, 1000);
  for (let i = 0; i < 2000; i++) await client.mutate(nextName());
  const took = [];
  const end = performance.now() + seconds * 500;
  while (performance.now() < end) {
    const start = performance.now();
    await client.mutate(nextName());
    took.push(performance.now() - start);
  }
  took.sort((a, b) => a - b);
  report(`${label}: one client, p50`, millis(percentile(took, 0.5)), 'goal ≤ 0.5 ms');
  report(`${label}: one client, p99`, millis(percentile(took, 0.99)), 'goal ≤ 2 ms');
  client.close();
}

/** Runs `operation` on all clients at once; gives operations per second and CPU per operation. */
async function rateOf(cluster, clients, operation) {
  const run = async (duration) => {
    let count = 0;
    const end = performance.now() + duration;
    const start = performance.now();
    await Promise.all(
      clients.map(async (client, i) => {
        while (performance.now() < end) {
          await operation(client, i);
          count += 1;
        }
      }),
    );
    return { count, rate: count / ((performance.now() - start) / 1000) };
  };
  await run(1000);
  const before = cluster.usage();
  const { count, rate } = await run(seconds * 1000);
  const cpu = ((cluster.usage().cpuSeconds - before.cpuSeconds) / count) * 1e6;
  // The CPU tells more than the rate on a machine that has something else to do.
  return `${Math.round(rate)} op/s, ${cpu.toFixed(0)} µs of CPU each`;
}

async function throughput(cluster, label, goal) {
  const clients = await loggedIn(cluster.port, clientCount, 2000);
  for (const client of clients) await client.mutate(nextName());
  const rename = (client, i) => client.rename(i, `r${nextName()}`);
  report(`${label}: ${clientCount} clients, rename`, await rateOf(cluster, clients, rename), goal);
  const create = (client) => client.mutate(nextName());
  report(`${label}: ${clientCount} clients, create`, await rateOf(cluster, clients, create));
  for (const client of clients) client.close();
}

async function idle(cluster, label) {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = cluster.usage();
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const after = cluster.usage();
  const share = ((after.cpuSeconds - before.cpuSeconds) / 5) * 100;
  report(`${label}: idle CPU of a core`, `${share.toFixed(1)} %`, 'goal ≤ 2 %');
  report(`${label}: idle memory`, `${(after.rss / 2 ** 20).toFixed(0)} MiB`, 'goal ≤ 120 MB');
}

await buildCluster();
const profile = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${cache}`] : [];
const kinds = [
  ['ephemeral', { ephemeral: true }, 'goal ≥ 15000 op/s'],
  ['durable', { dataDir: dataDirectory() }, 'goal ≥ 5000 op/s'],
];
for (const [label, storage, goal] of kinds) {
  if (values.only !== undefined && values.only !== label) continue;
  const options = { nodes, portBase: 0, ...storage };
  if (!values.profile) {
    const fresh = await startUp(options, label);
    await idle(fresh, label);
    await fresh.stop();
  }
  const cluster = await startCluster(options, profile);
  if (!values.profile) await latency(cluster.port, label);
  await throughput(cluster, label, goal);
  const { rss } = cluster.usage();
  report(`${label}: memory after the load`, `${(rss / 2 ** 20).toFixed(0)} MiB`);
  await cluster.stop();
}
