// The targets of the simulator, on one core with all checkers on, by the processor time they take.
// Every line names its floor. Options: --seeds N (swarm seeds, 6), --long N (ticks of the long run).
import { parseArgs } from 'node:util';
import { loadSource } from './load-source.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '6' },
    long: { type: 'string', default: '20000' },
  },
});
const { makePlan, runPlan } = await loadSource('src/simulator/index.ts');

/** One run with its processor time in seconds; a short one before lets the code be compiled. */
function timed(options, how = {}, change = (plan) => plan) {
  const plan = (seed, more = {}) => change(makePlan({ seed, ...options, ...more }));
  runPlan(plan(1n, { ticks: 1000 }), how);
  const before = process.cpuUsage();
  const result = runPlan(plan(2n), how);
  const { user, system } = process.cpuUsage(before);
  return { ...result, seconds: (user + system) / 1e6 };
}

const number = (value) => Math.round(value).toLocaleString('en');
const line = (what, measured, floor) => console.log(`${what.padEnd(52)} ${measured} (${floor})`);
const perf = { profile: 'perf', ticks: 10_000, clients: 4 };

const balanced = timed({ profile: 'crashy', ticks: 20_000, replicas: 3, workload: 'mixed' });
const lockstep = timed(perf);
line(
  'events per second, 3 replicas, balanced / lockstep',
  `${number(balanced.events / balanced.seconds)} / ${number(lockstep.events / lockstep.seconds)}`,
  'floor 60,000',
);
line(
  'ticks per second, 3 replicas, 4 clients in lockstep',
  `${number(lockstep.ticks / lockstep.seconds)}, ${number(lockstep.ops / lockstep.seconds)} ops per second`,
  'floor 10,000',
);

const idle = timed({ ...perf, ticks: 50_000, quiesce: false }, {}, (plan) => ({
  ...plan,
  workload: { ...plan.workload, clients: 0 },
}));
line('ticks per second, idle', number(idle.ticks / idle.seconds), 'floor 100,000');

const swarm = [];
for (let seed = 1n; seed <= BigInt(values.seeds); seed++) {
  const before = process.cpuUsage();
  runPlan(makePlan({ seed, profile: 'swarm', workload: 'mixed' }));
  const { user, system } = process.cpuUsage(before);
  swarm.push((user + system) / 1e6);
}
swarm.sort((a, b) => a - b);
const median = swarm[Math.floor(swarm.length / 2)] ?? 0;
line('a swarm seed, median', `${median.toFixed(1)} s`, 'floor 6 s');

const plain = timed({ profile: 'crashy', ticks: 20_000, replicas: 3 });
const traced = timed({ profile: 'crashy', ticks: 20_000, replicas: 3 }, { tracing: true });
line('cost of tracing', `${(traced.seconds / plain.seconds).toFixed(2)} x`, 'floor 2 x');

const peak = () => process.resourceUsage().maxRSS / 1024;
line('memory of all of these runs, peak', `${number(peak())} MiB`, 'floor 512 MiB');
const ticks = Number(values.long);
const long = { ...perf, profile: 'crashy', replicas: 3 };
timed({ ...long, ticks: ticks / 10 });
const short = peak();
timed({ ...long, ticks });
line(
  `peak of ${ticks} against ${ticks / 10} ticks`,
  `${(peak() / short).toFixed(2)} x`,
  'floor 1.2 x',
);
