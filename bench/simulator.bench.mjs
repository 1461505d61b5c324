// The targets of the simulator, on one core with all checkers on: by the time its one thread has the
// processor (helpers of the engine that compile and collect garbage run beside it). Runs are measured
// once the code is compiled, as in a swarm; the median of several seeds counts. Every line names its floor.
// An event is what the trace records, whether or not it is kept: a frame that leaves, arrives or is lost, a
// request, an answer, a commit, what a client does, and work of disks: a write, a sync, the end of either.
// Options: --only TEXT (lines with it), --runs N (5), --seeds N (swarm seeds, 6), --long N (ticks, 20000).
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadSource } from './load-source.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    runs: { type: 'string', default: '5' },
    seeds: { type: 'string', default: '6' },
    long: { type: 'string', default: '20000' },
  },
});
const { dataKinds, makePlan, runPlan } = await loadSource('src/simulator/index.ts');
const { requestKinds } = await loadSource('src/simulator/plan/plan.ts');

/** Seconds that this thread had the processor; of the whole process where the system does not say. */
function threadSeconds() {
  try {
    const text = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8');
    return Number(text.split(' ')[0]) / 1e9;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
}

function timed(plan, how = {}) {
  const before = threadSeconds();
  const result = runPlan(plan, how);
  return { result, seconds: threadSeconds() - before };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

/** The median of what runs of several seeds give, after as many that let the code be compiled. */
function measured(plan, figure, how = {}) {
  const runs = Number(values.runs);
  for (let seed = 1; seed <= 2 * runs; seed++) runPlan(plan(BigInt(seed)), how);
  const figures = [];
  for (let seed = 1; seed <= runs; seed++) figures.push(figure(timed(plan(BigInt(seed)), how)));
  return median(figures);
}

const number = (value) => Math.round(value).toLocaleString('en');
const perSecond = (of) => (run) => run.result[of] / run.seconds;

function line(what, measure, floor) {
  if (what.includes(values.only)) console.log(`${what.padEnd(52)} ${measure()} (${floor})`);
}

/** No faults, whole frames on links: three replicas, four clients with one request under way each. */
const perf = (seed, more = {}) =>
  makePlan({ seed, profile: 'perf', ticks: 3000, replicas: 3, clients: 4, ...more });

/**
 * The balanced mixture: of a hundred requests 35 send, 15 poll, 10 are about offsets; 25 change
 * metadata, 10 read it, and 5 end sessions. Batches of up to 8 messages of up to 4,096 bytes.
 */
const balancedData = {
  ...{ send: 12, 'send-balanced': 12, 'send-key': 11, 'poll-offset': 3, 'poll-timestamp': 3 },
  ...{ 'poll-first': 2, 'poll-last': 2, 'poll-next': 3, 'poll-auto': 2, 'get-offset': 3 },
  ...{ 'store-offset': 3, 'delete-offset': 2, 'store-local': 2 },
};
const balancedRequests = {
  ...{ 'create-stream': 60, 'update-stream': 40, 'delete-stream': 30, 'purge-stream': 25 },
  ...{ 'create-topic': 35, 'delete-topic': 30, 'create-user': 20, 'delete-user': 10, read: 85 },
  ...{ 'linearizable-read': 15, logout: 25, disconnect: 25 },
};
const balanced = (seed) => {
  const plan = perf(seed, { workload: 'mixed' });
  const weights = requestKinds.map((kind) => balancedRequests[kind] ?? 0);
  const data = {
    ...{ topics: [{ partitions: 2, expiry: 0 }], ack: 'fsync', share: 60, batch: 8, payload: 4096 },
    weights: dataKinds.map((kind) => balancedData[kind] ?? 0),
  };
  return { ...plan, workload: { ...plan.workload, weights }, data };
};

line(
  'events per second, 3 replicas, balanced / lockstep',
  () => [balanced, perf].map((plan) => number(measured(plan, perSecond('events')))).join(' / '),
  'floor 60,000',
);

/** Of all events those that are work of disks, in percent. */
function diskShare(plan) {
  const { trace, events } = runPlan(plan(1n), { tracing: true });
  const count = trace.filter(({ k }) => k === 'write' || k === 'sync' || k === 'io').length;
  return `${Math.round((100 * count) / events)} %`;
}
line(
  'work of disks among these events per second',
  () => [balanced, perf].map(diskShare).join(' / '),
  'no floor',
);
line(
  'ticks per second, 3 replicas, 4 clients in lockstep',
  () => number(measured(perf, perSecond('ticks'))),
  'floor 10,000',
);

const idle = (seed) => {
  const plan = perf(seed, { ticks: 50_000, quiesce: false });
  return { ...plan, workload: { ...plan.workload, clients: 0 } };
};
line('ticks per second, idle', () => number(measured(idle, perSecond('ticks'))), 'floor 100,000');

line(
  'a swarm seed, median',
  () => {
    const swarm = [];
    for (let seed = 1n; seed <= BigInt(values.seeds); seed++) {
      swarm.push(timed(makePlan({ seed, profile: 'swarm', workload: 'mixed' })).seconds);
    }
    return `${median(swarm).toFixed(1)} s`;
  },
  'floor 6 s',
);

const crashy = (seed, ticks = 5000) =>
  makePlan({ seed, profile: 'crashy', ticks, replicas: 3, clients: 4 });
line(
  'cost of tracing',
  () => {
    const seconds = (run) => run.seconds;
    const traced = measured(crashy, seconds, { tracing: true });
    return `${(traced / measured(crashy, seconds)).toFixed(2)} x`;
  },
  'floor 2 x',
);

const peak = () => process.resourceUsage().maxRSS / 1024;
line('memory of all of these runs, peak', () => `${number(peak())} MiB`, 'floor 512 MiB');
const ticks = Number(values.long);
line(
  `peak of ${ticks} against ${ticks / 10} ticks`,
  () => {
    // The engine's own growth, code and heap, is over before.
    for (let seed = 1n; seed <= 8n; seed++) runPlan(crashy(seed, ticks / 10));
    const short = peak();
    runPlan(crashy(2n, ticks));
    return `${(peak() / short).toFixed(2)} x`;
  },
  'floor 1.2 x',
);
