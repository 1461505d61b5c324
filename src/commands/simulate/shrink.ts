import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { mutantFlags, plantMutant } from '../../cli/simulate/mutant-flags.js';
import { parseSeed } from '../../cli/simulate/plan-of.js';
import { parseDuration } from '../../cli/values.js';
import { makePlan, parsePlan, shrinkPlan } from '../../simulator/index.js';

export default class SimulateShrink extends BaseCommand<typeof SimulateShrink> {
  static override summary = 'Find the smallest plan that fails like a given one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> fail.json --budget 5m',
    '<%= config.bin %> <%= command.id %> fail.json --json',
  ];
  static override args = {
    source: Args.string({ required: true, description: 'Seed, or a file with a plan or trace.' }),
  };
  static override flags = {
    ...mutantFlags,
    budget: Flags.string({ summary: 'Time to search.', default: '10m', helpValue: 'DURATION' }),
  };
  static override resultKind = 'simulate.shrink';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    const { source } = this.args;
    plantMutant(this.flags, this.argv);
    const end = performance.now() + parseDuration(this.flags.budget, '--budget') / 1000;
    const plan = existsSync(source)
      ? parsePlan(JSON.parse(readFileSync(source, 'utf8')))
      : makePlan({ seed: parseSeed(source), profile: 'swarm' });
    const shrunk = shrinkPlan(plan, { maxRuns: 300, isOutOfTime: () => performance.now() > end });
    if (shrunk === undefined) {
      this.out.event('simulate.shrink', { shrunk: false }, 'the plan does not fail');
      this.exitWith('checkFailed');
      return;
    }
    const base = existsSync(source) ? source.replace(/\.json$/, '') : `plan-${plan.seed}`;
    const file = `${base}.min.json`;
    writeFileSync(file, `${JSON.stringify(shrunk.plan, undefined, 1)}\n`);
    const { invariant, tick } = shrunk.result.failure ?? { invariant: '', tick: 0 };
    const faults = shrunk.plan.faults.length;
    const reproduce = `iggyctl simulate run --plan ${file}`;
    this.out.event(
      'simulate.shrink',
      { shrunk: true, file, invariant, tick, faults, runs: shrunk.runs, reproduce },
      `${invariant} at tick ${tick} with ${faults} faults, after ${shrunk.runs} runs\n${reproduce}`,
    );
  }
}
