// Looks for one planted fault, in the process of whoever asks.
import { mutantRuns } from './mutants.mjs';

/** Classes of failures of the rules a fault is listed with. */
function classesOf(caughtBy) {
  const classes = new Map([['TRAP', 'R']]);
  return new Set(caughtBy.map((rule) => classes.get(rule) ?? rule[0]));
}

const defaults = {
  runs: 1,
  ticks: 20_000,
  profile: 'swarm',
  'until-failure': false,
  'no-quiesce': false,
  twice: false,
  'run-timeout': '60s',
};

/**
 * Runs seeds with a fault switched on until one fails.
 * @param simulator what `bundleSimulator` wrote, imported
 */
export function huntMutant(simulator, mutant, { first, budget }) {
  const { planOf, runPlan, withTraps } = simulator;
  const flags = { ...defaults, ...mutantRuns[mutant.id] };
  const started = performance.now();
  globalThis.iggyctlMutant = mutant.id;
  let found = { seeds: budget, isExpected: false };
  try {
    for (let i = 0; i < budget; i++) {
      const plan = planOf(first + BigInt(i), flags);
      const { failure } = withTraps(() => runPlan(plan));
      if (failure === undefined) continue;
      const { invariant, detail, tick } = failure;
      const isExpected = classesOf(mutant.caughtBy).has(failure.class);
      found = { seeds: i + 1, isExpected, class: failure.class, invariant, detail, tick };
      break;
    }
  } finally {
    globalThis.iggyctlMutant = undefined;
  }
  return { ...found, seconds: (performance.now() - started) / 1000 };
}
