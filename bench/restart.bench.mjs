// Starting again: a durable cluster commits many metadata operations, is ended, and is started anew. What
// is measured is the time until it answers a login, and how much it had kept to get there.
//
//   node bench/restart.bench.mjs [--nodes 3] [--ops 1000000] [--clients 64]
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCluster, dataDirectory, startCluster } from './lib/cluster-process.mjs';
import { LockstepClient } from './lib/lockstep-client.mjs';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '3' },
    ops: { type: 'string', default: '1000000' },
    clients: { type: 'string', default: '64' },
  },
});
const nodes = Number(values.nodes);
const ops = Number(values.ops);
const report = (what, value, goal = '') => console.log(`${what.padEnd(44)} ${value}   ${goal}`);

async function loggedIn(port, count) {
  const clients = await Promise.all(
    Array.from({ length: count }, () => LockstepClient.connect(port)),
  );
  await Promise.all(clients.map((client, i) => client.login(1 + i)));
  return clients;
}

/** Renames one stream per client until all of them together did so `ops` times. */
async function commit(port) {
  const clients = await loggedIn(port, Number(values.clients));
  for (const [i, client] of clients.entries()) await client.mutate(`s${i}`);
  let left = ops;
  const start = performance.now();
  await Promise.all(
    clients.map(async (client, i) => {
      while (left-- > 0) await client.rename(i, `r${i}-${left}`);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  report(
    `${ops} operations committed`,
    `${seconds.toFixed(0)} s, ${Math.round(ops / seconds)} op/s`,
  );
  for (const client of clients) client.close();
}

function sizes(directory) {
  const found = { bytes: 0, files: 0 };
  for (const name of readdirSync(directory, { recursive: true })) {
    const stat = statSync(join(directory, name));
    if (!stat.isFile()) continue;
    found.bytes += stat.size;
    found.files += 1;
  }
  return `${(found.bytes / 2 ** 20).toFixed(1)} MiB in ${found.files} files`;
}

async function startAgain(label, options) {
  const from = performance.now();
  const cluster = await startCluster(options);
  const [client] = await loggedIn(cluster.port, 1);
  const took = `${((performance.now() - from) / 1000).toFixed(2)} s`;
  report(`${label}: process to first login`, took, 'goal ≤ 3 s');
  client.close();
  return cluster;
}

await buildCluster();
const dataDir = dataDirectory();
const options = { nodes, portBase: 0, dataDir };
const first = await startCluster(options);
await commit(first.port);
report('on disk, all nodes together', sizes(dataDir));
await first.kill();
const second = await startAgain('after SIGKILL', options);
await second.stop();
const third = await startAgain('after an orderly stop', options);
report('on disk, all nodes together', sizes(dataDir));
await third.stop();
