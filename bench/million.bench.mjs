// One million messages in one partition, then polls by each strategy over TCP: what each is answered,
// checked, and how long it takes.
//
//   node bench/million.bench.mjs [--messages 1000000] [--nodes 1] [--ephemeral]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { buildCluster, dataDirectory, startCluster } from './lib/cluster-process.mjs';
import { LockstepClient } from './lib/lockstep-client.mjs';
import { messageBodies } from './lib/message-bodies.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    nodes: { type: 'string', default: '1' },
    ephemeral: { type: 'boolean', default: false },
  },
});
const total = Number(values.messages);
const perBatch = 1000;
const size = 100;
const polls = 2000;

await buildCluster();
const { sendBody, topicBody, pollBodyOf } = await messageBodies();
const storage = values.ephemeral ? { ephemeral: true } : { dataDir: dataDirectory() };
const cluster = await startCluster({ nodes: Number(values.nodes), portBase: 0, ...storage });
const client = await LockstepClient.connect(cluster.port);
await client.login(1);
await client.mutate('s');
const limits = { segment: 16 * 2 ** 20, topic: 2 ** 40 };
const made = await client.ask(client.frame(132, topicBody(limits)));
if (made.readUInt32LE(256) !== 0) throw new Error('no topic');

const check = (isTrue, what) => {
  if (!isTrue) throw new Error(what);
};

/** Base offsets and times of the batches, as polls of their first messages report them. */
const report = (what, text) => console.log(`${what.padEnd(34)} ${text}`);

const frame = client.frame(160, sendBody(perBatch, size));
const start = performance.now();
for (let offset = 0; offset < total; offset += perBatch) {
  const reply = await client.ask(frame);
  check(reply.readUInt32LE(216) === 0, `send refused: ${reply.readUInt32LE(216)}`);
  check(Number(reply.readBigUInt64LE(256 + 16)) === offset, 'a batch is not where it belongs');
}
const seconds = (performance.now() - start) / 1000;
report(`${total} messages of ${size} bytes`, `${Math.round(total / seconds)} per s, one producer`);

/** Count, first offset and its batch's time of a poll's answer. */
async function poll(strategy, value, count, consumer, autoCommit = false) {
  const body = pollBodyOf({ strategy, value: BigInt(value), count, consumer, autoCommit });
  const reply = await client.ask(client.frame(2, body, 100));
  check(reply.readUInt32LE(216) === 0, `poll refused: ${reply.readUInt32LE(216)}`);
  const found = reply.readUInt32LE(268);
  if (found === 0) return { count: 0, offset: -1, time: 0n };
  const base = Number(reply.readBigUInt64LE(272 + 8));
  const delta = reply.readUInt32LE(272 + 256 + 24);
  return { count: found, offset: base + delta, time: reply.readBigUInt64LE(272 + 16) };
}

async function measure(what, one) {
  const took = [];
  for (let i = 0; i < polls; i++) {
    const from = performance.now();
    await one(i);
    took.push(performance.now() - from);
  }
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor(polls * share)].toFixed(2);
  report(what, `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(0.9999)} ms`);
}

const scatter = (i) => (i * 7919 * 131) % (total - 10);
await measure('offset, 10 messages, anywhere', async (i) => {
  const { offset, count } = await poll(1, scatter(i), 10, 1);
  check(offset === scatter(i) && count === 10, 'wrong messages');
});
const times = [];
for (let i = 0; i < 64; i++) {
  const { offset, time } = await poll(1, Math.floor((i * total) / 64 / perBatch) * perBatch, 1, 1);
  times.push({ offset, time });
}
await measure('timestamp, 10 messages, anywhere', async (i) => {
  const { offset, time } = times[(i * 31) % 64];
  const found = await poll(2, time, 10, 1);
  check(found.offset === offset && found.count === 10, `${found.offset} is not ${offset}`);
});
await measure('first, 10 messages', async () => {
  check((await poll(3, 0, 10, 1)).offset === 0, 'not the first');
});
await measure('last, 10 messages', async () => {
  check((await poll(4, 0, 10, 1)).offset === total - 10, 'not the last');
});
let next = 0;
await measure('next with auto-commit, 100 messages', async () => {
  const { offset, count } = await poll(5, 0, 100, 7, true);
  check(offset === next && count === 100, `${offset} is not ${next}`);
  next += 100;
});
const from = performance.now();
let all = 0;
while (all < total) {
  const { offset, count } = await poll(1, all, 10_000, 1);
  check(offset === all && count > 0, 'a gap');
  all += count;
}
const took = (performance.now() - from) / 1000;
report('all of them, 10,000 at a time', `${Math.round(total / took)} per s`);
report('memory', `${(cluster.usage().rss / 2 ** 20).toFixed(0)} MiB`);
report('load average', loadavg()[0].toFixed(1));
client.close();
await cluster.stop();
