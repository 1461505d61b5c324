import { existsSync, writeFileSync } from 'node:fs';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { writePage } from '../../cli/simulate/html-page.js';
import { mutantFlags, plantMutant } from '../../cli/simulate/mutant-flags.js';
import { replaySource } from '../../cli/simulate/replay-source.js';
import { parseDuration } from '../../cli/values.js';
import { runPlan, shrinkPlan } from '../../simulator/index.js';

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
    const { plan } = replaySource(source);
    const shrunk = shrinkPlan(plan, { maxRuns: 300, isOutOfTime: () => performance.now() > end });
    if (shrunk === undefined || shrunk.plan === plan) {
      const why = shrunk === undefined ? 'the plan does not fail' : 'nothing smaller still fails';
      this.out.event('simulate.shrink', { shrunk: false }, why);
      this.exitWith('checkFailed');
      return;
    }
    const base = existsSync(source) ? source.replace(/\.(nd)?json$/, '') : `plan-${plan.seed}`;
    const file = `${base}.min.json`;
    const reproduce = `iggyctl simulate run --plan ${file}`;
    writeFileSync(file, `${JSON.stringify(shrunk.plan, undefined, 1)}\n`);
    const page = writePage(`${base}.min.html`, runPlan(shrunk.plan, { tracing: true }), reproduce);
    const { invariant, tick } = shrunk.result.failure ?? { invariant: '', tick: 0 };
    const faults = shrunk.plan.faults.length;
    this.out.event(
      'simulate.shrink',
      { shrunk: true, file, page, invariant, tick, faults, runs: shrunk.runs, reproduce },
      `${invariant} at tick ${tick} with ${faults} faults, after ${shrunk.runs} runs\n${reproduce}`,
    );
  }
}
