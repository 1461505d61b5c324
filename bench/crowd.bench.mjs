// What an operation costs in a cluster with 10,000 sessions and 10,000 streams, against an empty one:
// CPU of the cluster's process, since the rate depends on what else runs.
//
//   node bench/crowd.bench.mjs [--nodes 3] [--count 10000] [--operations 2000]
import { parseArgs } from 'node:util';
import { buildCluster, startCluster } from './lib/cluster-process.mjs';
import { LockstepClient } from './lib/lockstep-client.mjs';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '3' },
    count: { type: 'string', default: '10000' },
    operations: { type: 'string', default: '2000' },
  },
});
const count = Number(values.count);
const operations = Number(values.operations);
const workers = 16;
const rounds = 9;
let names = 0;
const nextName = () => (names++).toString(36);

const numbered = (stream) => {
  const body = Buffer.from([1, 4, 0, 0, 0, 0]);
  body.writeUInt32LE(stream, 2);
  return body;
};

/** Operations that leave the state as large as it was. */
const measured = {
  rename: (client, i) => client.rename(i, `r${nextName()}`),
  'create and delete': async (client) => {
    const id = (await client.mutate(nextName())).readUInt32LE(260);
    await client.ask(client.frame(130, numbered(id)));
  },
  'look at a stream': (client, i) => client.ask(client.frame(2, numbered(i), 200)),
  ping: (client) => client.ask(client.frame(2, Buffer.alloc(0), 1)),
};

async function costOf(operation, { cluster, clients }) {
  let left = operations;
  const before = cluster.usage().cpuSeconds;
  await Promise.all(
    clients.map(async (client, i) => {
      while (left-- > 0) await operation(client, i);
    }),
  );
  return ((cluster.usage().cpuSeconds - before) / operations) * 1e6;
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** One after the other would take minutes, all at once more memory than needed. */
async function inChunks(total, work) {
  for (let at = 0; at < total; at += 64) {
    const chunk = Array.from({ length: Math.min(64, total - at) }, (_, i) => work(at + i));
    await Promise.all(chunk);
  }
}

await buildCluster();
const slots = { name: 'metadata.clients_table_max', value: String(2 * count), origin: 'bench' };

async function started() {
  const cluster = await startCluster({
    ...{ nodes: Number(values.nodes), portBase: 0, ephemeral: true },
    ...{ settings: [slots], maxConnections: 2 * count },
  });
  const clients = [];
  for (let i = 0; i < workers; i++) {
    const client = await LockstepClient.connect(cluster.port);
    await client.login(i + 1);
    await client.mutate(nextName());
    clients.push(client);
  }
  return { cluster, clients };
}

const empty = await started();
const full = await started();
const token = await full.clients[0].createToken('crowd');
const crowd = [];
await inChunks(count, async (i) => {
  const client = await LockstepClient.connect(full.cluster.port);
  await client.loginWithToken(1_000_000 + i, token);
  crowd.push(client);
});
await inChunks(count, (i) => crowd[i].mutate(nextName()));
for (const [name, operation] of Object.entries(measured)) {
  const [was, is] = [[], []];
  // In turns, so that what else the machine does hits both; the first round compiles.
  for (let round = 0; round <= rounds; round++) {
    const pair = [await costOf(operation, empty), await costOf(operation, full)];
    if (round > 0) for (const [i, list] of [was, is].entries()) list.push(pair[i]);
  }
  const ratio = (median(is) / median(was)).toFixed(2);
  const [before, after] = [was, is].map((list) => `${median(list).toFixed(0)} µs`);
  console.log(`${name.padEnd(20)} ${before} -> ${after}   ${ratio} x   goal ≤ 1.2 x`);
}
for (const client of [...empty.clients, ...full.clients, ...crowd]) client.close();
await Promise.all([empty.cluster.stop(), full.cluster.stop()]);
