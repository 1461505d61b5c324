// Runs the planted faults, each until a rule finds it or its budget of seeds is used up, and prints a
// table. Ends with 1 when one survives or is found by a rule of another class than listed.
//
//   node scripts/mutants.mjs [--seed N] [--budget N] [--write] [ID…]
//
//   --seed N     first seed; 1 if absent
//   --budget N   at most this many seeds each, whatever the fault's own budget
//   --write      put the table into docs/simulator.md
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/files.mjs';
import { bundleSimulator } from './lib/mutant-bundle.mjs';
import { huntMutant } from './lib/mutant-hunt.mjs';
import { mutants } from './lib/mutants.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    budget: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

function row(mutant, found) {
  const { id, bug, caughtBy, budget, run } = mutant;
  const { profile, replicas, ...rest } = run;
  const more = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  const setting = [profile, replicas, ...more].join(', ');
  const how = found.invariant === undefined ? 'not found' : found.invariant;
  const verdict = found.isExpected ? 'yes' : 'no';
  const seeds = found.invariant === undefined ? `> ${found.seeds}` : found.seeds;
  return `| ${id} | ${bug} | ${caughtBy.join(', ')} | ${setting} | ${budget} | ${seeds} | ${how} | ${verdict} |`;
}

const heading = [
  '| Mutant | Planted fault | Rule | Runs | Budget | Seeds | Found as | As listed |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

async function writeTable(rows) {
  const path = join(root, 'docs/simulator.md');
  const text = await readFile(path, 'utf8');
  const begin = text.indexOf(heading[0].slice(0, 18));
  const end = text.indexOf('\n\n', begin);
  await writeFile(
    path,
    `${text.slice(0, begin)}${[...heading, ...rows].join('\n')}${text.slice(end)}`,
  );
}

async function main() {
  const wanted =
    positionals.length === 0 ? mutants : mutants.filter(({ id }) => positionals.includes(id));
  await mkdir(join(root, '.cache'), { recursive: true });
  const outfile = join(root, `.cache/mutants-${process.pid}.mjs`);
  await bundleSimulator(outfile);
  const simulator = await import(outfile);
  const rows = [];
  let bad = 0;
  console.log(heading.join('\n'));
  for (const mutant of wanted) {
    const budget = Math.min(mutant.budget, Number(values.budget ?? mutant.budget));
    const found = await huntMutant(simulator, mutant, { first: BigInt(values.seed), budget });
    if (!found.isExpected) bad += 1;
    rows.push(row(mutant, found));
    console.log(rows.at(-1));
    if (process.env.VERBOSE)
      console.log(`    ${found.seconds.toFixed(1)} s  ${found.detail ?? ''}`);
  }
  if (values.write) await writeTable(rows);
  console.log(`${wanted.length - bad} of ${wanted.length} found as listed`);
  process.exitCode = bad === 0 ? 0 : 1;
}

await main();
