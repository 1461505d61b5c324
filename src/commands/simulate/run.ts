import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { BaseCommand } from '../../cli/base-command.js';
import type { Fields } from '../../cli/output/result.js';
import { planIn } from '../../cli/simulate/documents.js';
import { InOrder, progressLine } from '../../cli/simulate/in-order.js';
import { plantMutant } from '../../cli/simulate/mutant-flags.js';
import { parseSeed, planOf, repeatCommand } from '../../cli/simulate/plan-of.js';
import { replayed } from '../../cli/simulate/replay.js';
import {
  isExcusedTooOften,
  parametersLine,
  type RunRecord,
  runLine,
  summaryOf,
  summaryText,
} from '../../cli/simulate/report.js';
import { runFlags } from '../../cli/simulate/run-flags.js';
import { runOne } from '../../cli/simulate/run-seeds.js';
import { printRunTable } from '../../cli/simulate/run-table.js';
import { stepThrough } from '../../cli/simulate/step-through.js';
import { survivorRecord } from '../../cli/simulate/survivor.js';
import { runInWorkers } from '../../cli/simulate/workers.js';
import { parseDuration } from '../../cli/values.js';

export default class SimulateRun extends BaseCommand<typeof SimulateRun> {
  static override summary = 'Run a cluster under simulated faults and check everything it does.';
  static override description =
    'Every run follows from its seed: whole nodes on simulated links, disks and clocks, with ' +
    'clients that make requests, while faults come and go. Ends with 15 when a check failed.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --seed 42 --ticks 20000 --crash-prob 0.01',
    '<%= config.bin %> <%= command.id %> --runs 300 --jobs 2 --profile crashy',
  ];
  static override flags = runFlags;
  static override resultKind = 'simulate.run|simulate.summary';
  static override usesSettings = false;

  #isVacuous = false;

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const mutant = plantMutant(flags, this.argv);
    const started = performance.now();
    const first = parseSeed(flags['seed-start'] ?? flags.seed ?? 'random');
    const records =
      flags.plan === undefined
        ? await this.#runSeeds(first, mutant, started)
        : withVerdict([this.#runPlan(flags.plan, mutant)], mutant);
    if (flags.plan !== undefined) for (const record of records) this.#print(record);
    if (flags.runs > 1 || flags['until-failure']) {
      const seconds = Math.round(performance.now() - started) / 1000;
      this.#printSummary(records, seconds);
    }
    if (flags.step) await this.#step(first);
    this.#end(records);
  }

  /** Goes through the run once more, from `--until` on. */
  async #step(seed: bigint): Promise<void> {
    const { plan: file, until: from = 0 } = this.flags;
    const plan = file === undefined ? planOf(seed, this.flags) : planIn(file);
    const { stepped } = replayed({ plan }, { keepsEvents: true, from });
    const lines = createInterface({ input: process.stdin });
    await stepThrough(stepped, { lines, write: (text) => this.out.raw(text) });
  }

  async #runSeeds(
    first: bigint,
    mutant: string | undefined,
    started: number,
  ): Promise<readonly RunRecord[]> {
    const { flags } = this;
    const records: RunRecord[] = [];
    const count = flags['until-failure'] && flags.runs === 1 ? 1_000_000 : flags.runs;
    const jobs = Math.min(flags.jobs ?? availableParallelism(), count);
    if (!this.out.isJson) {
      const plan = planOf(first, flags);
      this.out.raw(`${repeatCommand(plan, flags, mutant)}\n${parametersLine(plan)}\n`);
    }
    if (jobs > 1 && !flags['until-failure']) {
      const found = new InOrder(first, count, (record) => this.#print(record));
      const seen: RunRecord[] = [];
      await runInWorkers(this.argv, { first, count, jobs }, (record) => {
        seen.push(record);
        found.add(record);
        this.#showProgress(progressLine(seen, count, performance.now() - started));
      });
      this.#showProgress('');
      return found.end((all) => withVerdict(all, mutant));
    }
    const budget = flags.budget === undefined ? undefined : parseDuration(flags.budget, '--budget');
    for (let i = 0; i < count && !this.signal.aborted; i++) {
      const run = runOne(planOf(first + BigInt(i), flags), flags, mutant);
      const isFound = flags['until-failure'] && run.result === 'failed';
      const isLate = budget !== undefined && (performance.now() - started) * 1000 > budget;
      const isLast = isFound || isLate || i === count - 1;
      const record = isLast ? (withVerdict([...records, run], mutant).at(-1) ?? run) : run;
      records.push(record);
      this.#print(record);
      if (isLast) break;
      // Lets signals in; a run itself never waits.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return records;
  }

  /** On a terminal only, where the next line takes its place. */
  #showProgress(text: string): void {
    if (process.stderr.isTTY && !this.out.isJson) process.stderr.write(`\r\u001b[K${text}`);
  }

  #runPlan(file: string, mutant: string | undefined): RunRecord {
    return runOne(planIn(file), this.flags, mutant);
  }

  #print(record: RunRecord): void {
    const { fields, marks } = record;
    this.out.event('simulate.run', { ...fields, marks }, runLine(record));
  }

  #printSummary(records: readonly RunRecord[], seconds: number): void {
    const summary = summaryOf(records, seconds);
    const perSecond = Math.round(Number(summary['ticks']) / Math.max(0.001, seconds));
    if (!this.out.isJson) printRunTable(this.out, records);
    this.out.event('simulate.summary', summary, summaryText(summary, perSecond));
    const isOpen = this.flags.profile === 'swarm' && this.flags.faults === undefined;
    this.#isVacuous = isOpen && this.flags.check === 'all' && hasMissing(summary);
  }

  #end(records: readonly RunRecord[]): void {
    const failed = records.find(({ result }) => result === 'failed');
    if (failed !== undefined) {
      const { reproduce, version } = failed.fields;
      process.stderr.write(`${reproduce}  # ${version}\n`);
      this.exitWith('checkFailed');
      return;
    }
    const inconclusive = records.filter(({ result }) => result === 'inconclusive').length;
    if (isExcusedTooOften(records.length, inconclusive) || this.#isVacuous)
      this.exitWith('unhealthy');
  }
}

/** A planted fault that no run found makes the last of them a failure. */
function withVerdict(
  records: readonly RunRecord[],
  mutant: string | undefined,
): readonly RunRecord[] {
  const last = records.at(-1);
  const isFound = records.some(({ result }) => result === 'failed');
  if (mutant === undefined || last === undefined || isFound) return records;
  return [...records.slice(0, -1), survivorRecord(last, mutant, records.length)];
}

/** A swarm that did not get everywhere it has to says less than it seems to. */
function hasMissing({ missing_marks: missing }: Fields): boolean {
  return Array.isArray(missing) && missing.length > 0;
}
