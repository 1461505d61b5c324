// The SDK against a local cluster in another process: request rate and latency in lockstep, pipelined,
// and on correlated frames, with the CPU time that one request costs on the client's side.
//
//   node bench/sdk.bench.mjs [--nodes 3] [--seconds 3]
import { parseArgs } from 'node:util';
import { buildCluster, startCluster } from './lib/cluster-process.mjs';
import { loadSource } from './load-source.mjs';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
  },
});
const seconds = Number(values.seconds);
const credentials = { username: 'iggy', password: 'iggy' };
let names = 0;

const report = (what, value) => console.log(`${what.padEnd(44)} ${value}`);
const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** Keeps `depth` requests open for a while. */
async function run(label, depth, request) {
  const took = [];
  const loop = async (end, isMeasured) => {
    while (performance.now() < end) {
      const start = performance.now();
      await request();
      if (isMeasured) took.push(performance.now() - start);
    }
  };
  const all = (millis, isMeasured) => {
    const end = performance.now() + millis;
    return Promise.all(Array.from({ length: depth }, () => loop(end, isMeasured)));
  };
  await all(500, false);
  const cpu = process.cpuUsage();
  const start = performance.now();
  await all(seconds * 1000, true);
  const elapsed = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  took.sort((a, b) => a - b);
  const rate = Math.round(took.length / elapsed);
  const [p50, p99] = [percentile(took, 0.5), percentile(took, 0.99)].map((each) => each.toFixed(3));
  const cost = ((user + system) / took.length).toFixed(1);
  report(label, `${rate} req/s   p50 ${p50} ms   p99 ${p99} ms   ${cost} µs CPU/req`);
}

await buildCluster();
const { IggyClient } = await loadSource('src/index.ts');
const cluster = await startCluster({
  nodes: Number(values.nodes),
  portBase: 0,
  correlatedPortBase: 0,
  ephemeral: true,
});
const { tcp, correlated } = cluster.ready.nodes[cluster.ready.primary];
const connect = (port, options) =>
  IggyClient.connect({
    servers: [`127.0.0.1:${port}`],
    credentials,
    heartbeatMillis: 0,
    ...options,
  });

const lockstep = await connect(tcp);
await run('lockstep: ping', 1, () => lockstep.ping());
await run('lockstep: replicated create', 1, () => lockstep.streams.create(`a${names++}`));
await lockstep.close();

const pipelined = await connect(tcp, { mode: 'pipelined' });
await run('pipelined, 64 open: ping', 64, () => pipelined.ping());
await pipelined.close();

const many = await connect(correlated, { framing: 'correlated' });
await run('correlated, 64 open: ping', 64, () => many.ping());
await run('correlated, 64 open: replicated create', 64, () => many.streams.create(`b${names++}`));
await many.close();

const clients = await Promise.all(Array.from({ length: 64 }, () => connect(tcp)));
let next = 0;
await run('64 clients in lockstep: replicated create', 64, () => {
  next = (next + 1) % clients.length;
  return clients[next].streams.create(`c${names++}`);
});
await Promise.all(clients.map((client) => client.close()));
await cluster.stop();
