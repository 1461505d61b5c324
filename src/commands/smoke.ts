import { Args, Flags } from '@oclif/core';
import { CliError } from '../cli/cli-error.js';
import { writePrivateFile } from '../cli/config/private-file.js';
import { findCredentials, noCredentials } from '../cli/connect/credentials.js';
import { withValue } from '../cli/run/optional-value.js';
import { ServerCommand } from '../cli/server-command.js';
import type { OpenTarget } from '../cli/smoke/open-target.js';
import type { StepResult } from '../cli/smoke/run-suites.js';

export default class Smoke extends ServerCommand<typeof Smoke> {
  static override summary = 'Check end to end that a server does what clients need.';
  static override description =
    'Suites: quick (default), protocol, session, failover, persistence, cli, all; or a file with a ' +
    'command line of iggyctl and what is to be seen a line: {"name":"…","run":["stream","list"],' +
    '"exit":0,"stdout":"text"}, or a list of the same in a .yaml file. $PREFIX in it is what the ' +
    'names of all objects begin with.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --cluster-up --tap',
    '<%= config.bin %> <%= command.id %> all --cluster-up 3 --junit smoke.xml',
  ];
  static override resultKind = 'smoke|smoke.step.list';
  static override strict = false;
  static override stopsItself = true;
  static override args = { suite: Args.string({ description: 'Suites or scenario files.' }) };
  static override flags = {
    'cluster-up': Flags.integer({
      summary:
        'Start a cluster in memory of so many nodes, 3 if not said; else the context’s server.',
      ...{ min: 1, max: 7, helpValue: '[N]' },
    }),
    list: Flags.boolean({ summary: 'Show the steps and end.' }),
    only: Flags.string({ summary: 'Only steps with this in their name.', multiple: true }),
    tap: Flags.boolean({ summary: 'Print in the Test Anything Protocol.' }),
    junit: Flags.string({ summary: 'Write a JUnit file too.', helpValue: 'FILE' }),
    'keep-going': Flags.boolean({ summary: 'Run other suites after a failure.' }),
    keep: Flags.boolean({ summary: 'Leave what was made on the server.' }),
  };

  protected override async init(): Promise<void> {
    const rule = { flag: '--cluster-up', pattern: /^[0-9]+$/, otherwise: '3' };
    this.argv = withValue(this.argv, rule);
    await super.init();
  }

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const { chooseSuites } = await import('../cli/smoke/choose.js');
    const { plan, runSuites } = await import('../cli/smoke/run-suites.js');
    const { countsOf, junit } = await import('../cli/smoke/report.js');
    const suites = await chooseSuites(this.words);
    const planned = plan(suites, flags.only ?? []);
    if (planned.length === 0) {
      throw new CliError('E_NOT_FOUND', 'no step has that in its name', {
        hint: 'iggyctl smoke all --list',
      });
    }
    if (flags.list) {
      const items = planned.map(({ n, suite, step }) => ({ n, suite, name: step.name }));
      const columns = [
        { key: 'n', title: 'N', align: 'right' as const },
        { key: 'suite', title: 'Suite' },
        { key: 'name', title: 'Name' },
      ];
      return this.out.list({ kind: 'smoke.step', items, columns });
    }
    const target = await this.#open();
    let results: readonly StepResult[] = [];
    try {
      const { signal } = this;
      const show = await this.#printer(planned.length);
      const options = { keepGoing: flags['keep-going'], signal };
      results = await runSuites(planned, target, options, show);
    } finally {
      await target.close({ keep: flags.keep });
    }
    if (flags.junit !== undefined) writePrivateFile(flags.junit, junit(results));
    const { failed } = countsOf(results);
    await this.#finish(suites.map(({ name }) => name).join(' '), results);
    if (failed > 0) this.exitWith('checkFailed');
  }

  async #open(): Promise<OpenTarget> {
    const { flags, settings, prompt } = this;
    const { openOwnCluster, openTarget } = await import('../cli/smoke/open-target.js');
    const nodes = flags['cluster-up'];
    if (nodes !== undefined) return await openOwnCluster(nodes, settings);
    const found = await findCredentials({ flags, settings, prompt, useStored: true });
    if (found !== undefined) return await openTarget(settings, found, flags.retries);
    throw noCredentials(settings, 'iggyctl login, or iggyctl smoke --cluster-up');
  }

  /** How a step is shown as soon as it is over; JSON comes at the end, as one document. */
  async #printer(count: number): Promise<(result: StepResult) => void> {
    const { stepLine, tapLine } = await import('../cli/smoke/report.js');
    if (this.out.isJson) return () => undefined;
    if (!this.flags.tap) return (result) => this.out.raw(`${stepLine(result)}\n`);
    this.out.raw(`TAP version 13\n1..${count}\n`);
    return (result) => this.out.raw(`${tapLine(result)}\n`);
  }

  async #finish(suite: string, results: readonly StepResult[]): Promise<void> {
    const { countsOf, lastLine } = await import('../cli/smoke/report.js');
    if (!this.out.isJson) {
      this.out.raw(`${lastLine(results)}\n`);
      return;
    }
    const steps = results.map(({ error, ...step }) => ({
      ...step,
      error: error === null ? null : { message: error },
    }));
    const value = { suite, steps, ...countsOf(results) };
    this.out.object({ kind: 'smoke', value });
  }
}
