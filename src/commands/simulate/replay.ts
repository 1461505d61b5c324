import { existsSync, readFileSync } from 'node:fs';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { usageError } from '../../cli/cli-error.js';
import { parseSeed } from '../../cli/simulate/plan-of.js';
import { makePlan, parsePlan, runPlan } from '../../simulator/index.js';

export default class SimulateReplay extends BaseCommand<typeof SimulateReplay> {
  static override summary = 'Run a seed, a plan or a trace again and compare.';
  static override description =
    'A trace must give the same hash again; a seed or a plan is run twice. Ends with 15 when not.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> fail.json',
    '<%= config.bin %> <%= command.id %> fail.json --json',
  ];
  static override args = {
    source: Args.string({ required: true, description: 'Seed, or a file with a plan or trace.' }),
  };
  static override flags = {
    until: Flags.integer({ summary: 'Stop before this tick.', min: 1, helpValue: 'TICK' }),
    from: Flags.integer({ summary: 'Show events from this tick on.', min: 0, helpValue: 'TICK' }),
    log: Flags.string({ summary: 'Show the events.', options: ['short', 'full'] }),
  };
  static override resultKind = 'simulate.replay';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    const { source } = this.args;
    const { until, from = 0, log } = this.flags;
    const document: unknown = existsSync(source)
      ? JSON.parse(readFileSync(source, 'utf8'))
      : undefined;
    const plan =
      document === undefined
        ? makePlan({ seed: parseSeed(source), profile: 'swarm' })
        : parsePlan(document);
    const options = { tracing: log !== undefined, ...(until !== undefined && { until }) };
    const result = runPlan(plan, options);
    const expected = hashIn(document) ?? runPlan(plan, options).traceHash;
    if (log !== undefined && !this.out.isJson) {
      for (const { t, r, k, text } of result.trace) {
        if (t >= from && (log === 'full' || !frameKinds.has(k))) {
          this.out.raw(`${String(t).padStart(7)} ${r} ${k} ${text}\n`);
        }
      }
    }
    const isSame = until !== undefined || expected === result.traceHash;
    this.out.event(
      'simulate.replay',
      { identical: isSame, expected, trace_hash: result.traceHash, result: result.result },
      isSame ? `identical: ${result.traceHash}` : `not deterministic: ${result.traceHash}`,
    );
    if (!isSame) this.exitWith('checkFailed');
  }
}

const frameKinds: ReadonlySet<string> = new Set(['send', 'recv', 'request', 'connection']);

/** The final hash of a trace document. @throws CliError E_USAGE for one without */
function hashIn(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null || !('hash' in document)) return undefined;
  const { hash } = document;
  if (typeof hash === 'object' && hash !== null && 'final' in hash) return String(hash.final);
  throw usageError('the trace has no final hash');
}
