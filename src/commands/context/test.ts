import { Args, Flags } from '@oclif/core';
import { Settings } from '../../cli/config/settings.js';
import { clientOptions } from '../../cli/connect/client-options.js';
import { findCredentials } from '../../cli/connect/credentials.js';
import { contextMissing } from '../../cli/context/change-contexts.js';
import { allContexts, type ContextFields } from '../../cli/context/context-view.js';
import { reportOf } from '../../cli/output/report-error.js';
import { ServerCommand } from '../../cli/server-command.js';
import { humanDuration } from '../../render/index.js';

interface TestRow {
  readonly [key: string]: string | number | boolean | null;
  readonly name: string;
  readonly reachable: boolean;
  readonly login: boolean;
  readonly primary: string | null;
  readonly rtt_us: number | null;
  readonly error: string | null;
}

export default class ContextTest extends ServerCommand<typeof ContextTest> {
  static override summary = 'Try to reach the servers of a context and to log in.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all',
  ];
  static override resultKind = 'context.test.list';
  static override args = {
    name: Args.string({ description: 'The context; the active one if absent.' }),
  };
  static override flags = { all: Flags.boolean({ summary: 'Test every context.' }) };

  protected override async execute(): Promise<void> {
    const { settings } = this;
    const contexts = allContexts(settings);
    const wanted = this.args.name ?? settings.contextName.value;
    const chosen = this.flags.all ? contexts : contexts.filter(({ name }) => name === wanted);
    if (chosen.length === 0) throw contextMissing(wanted, settings.config.contexts.keys());
    const items: TestRow[] = [];
    for (const context of chosen) items.push(await this.#test(context));
    this.out.list({
      kind: 'context.test',
      items,
      columns: [
        { key: 'name', title: 'Name' },
        { key: 'reachable', title: 'Reachable' },
        { key: 'login', title: 'Login' },
        { key: 'primary', title: 'Primary' },
        { key: 'rtt_us', title: 'RTT', cell: ({ rtt_us }) => rtt_us && humanDuration(rtt_us) },
        { key: 'error', title: 'Error' },
      ],
    });
    if (items.some(({ reachable }) => !reachable)) this.exitWith('unreachable');
    else if (items.some(({ login }) => !login)) this.exitWith('unauthenticated');
  }

  async #test({ name }: ContextFields): Promise<TestRow> {
    const settings = new Settings({ ...this.flags, context: name }, process.env, process.cwd());
    const { IggyClient } = await import('../../client/index.js');
    const row = { name, reachable: false, login: false, primary: null, rtt_us: null, error: null };
    const choice = { credentials: undefined, retries: 0 };
    const client = new IggyClient(clientOptions(settings, choice));
    try {
      await client.connect();
      const started = performance.now();
      await client.ping();
      const reached = {
        ...row,
        reachable: true,
        rtt_us: Math.round((performance.now() - started) * 1000),
      };
      const { flags, prompt } = this;
      const found = await findCredentials({ flags, settings, prompt, useStored: true });
      if (found === undefined) return { ...reached, error: 'no credentials' };
      return { ...reached, ...(await this.#logIn(settings, found)) };
    } catch (error) {
      return { ...row, error: reportOf(error).message };
    } finally {
      await client.close({ timeoutMillis: 500 });
    }
  }

  async #logIn(
    settings: Settings,
    credentials: NonNullable<Awaited<ReturnType<typeof findCredentials>>>,
  ) {
    const { IggyClient } = await import('../../client/index.js');
    const client = new IggyClient(clientOptions(settings, { credentials, retries: 0 }));
    try {
      await client.connect();
      const { endpoint } = client.session;
      return { login: true, primary: `${endpoint?.host}:${endpoint?.port}` };
    } catch (error) {
      return { login: false, error: reportOf(error).message };
    } finally {
      await client.close({ timeoutMillis: 500 });
    }
  }
}
