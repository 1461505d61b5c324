// Ticks and events per second of the simulator on one core, checkers on.
import { loadSource } from './load-source.mjs';

const { makePlan, runPlan } = await loadSource('src/simulator/index.ts');

for (const [name, options] of [
  ['perf, 3 replicas, 4 clients in lockstep', { profile: 'perf', ticks: 10_000 }],
  ['crashy, 3 replicas', { profile: 'crashy', ticks: 20_000, replicas: 3 }],
  ['lossy, 5 replicas', { profile: 'lossy', ticks: 20_000, replicas: 5 }],
]) {
  runPlan(makePlan({ seed: 1n, ...options, ticks: 1000 }));
  const started = performance.now();
  const { ticks, events, ops, result } = runPlan(makePlan({ seed: 2n, ...options }));
  const seconds = (performance.now() - started) / 1000;
  const rate = (count) => Math.round(count / seconds).toLocaleString('en');
  console.log(`${name}: ${rate(ticks)} ticks/s, ${rate(events)} events/s, ${ops} ops, ${result}`);
}
