import { randomBytes } from 'node:crypto';
import { Args, Flags } from '@oclif/core';
import { CliError, usageError } from '../../cli/cli-error.js';
import { parseClientId } from '../../cli/connect/client-id.js';
import { nearest } from '../../cli/nearest.js';
import { ServerCommand } from '../../cli/server-command.js';
import { isExpected, probeNames } from '../../cli/session/probe-types.js';
import { probeRow, probeTable } from '../../cli/session/probe-view.js';
import { ProbedCluster } from '../../cli/session/probed-cluster.js';
import { rawTargetOf } from '../../cli/session/raw-target.js';
import { type ProbeResult, type ProbeRun, runProbe, whyNot } from '../../cli/session/run-probes.js';

export default class SessionProbe extends ServerCommand<typeof SessionProbe> {
  static override summary = 'Try every verdict of the client table from outside.';
  static override description =
    `Probes: ${probeNames.join(', ')}. Without names all that the target allows.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> retransmit stale-session --json',
  ];
  static override resultKind = 'session.probe';
  static override strict = false;
  static override args = { names: Args.string({ description: 'Probes to run; all if absent.' }) };
  static override flags = {
    'client-id': Flags.string({
      summary: 'Client id to use instead of random ones.',
      helpValue: 'HEX',
    }),
    keep: Flags.boolean({ summary: 'Leave streams and sessions of the probes behind.' }),
  };

  protected override async execute(): Promise<void> {
    const wanted = this.#wanted();
    const { run, cluster } = await this.#prepare();
    const impossible = wanted.flatMap((name) => whyNot(name, cluster) ?? []);
    const [first] = impossible;
    if (first !== undefined && this.words.length > 0) throw new CliError('E_UNSUPPORTED', first);
    for (const reason of impossible) this.notice(`skipped: ${reason}`);
    const results: ProbeResult[] = [];
    try {
      for (const name of wanted) {
        if (whyNot(name, cluster) === undefined) results.push(await runProbe(name, run));
      }
    } finally {
      if (!run.keep) await this.#removeStreams(run.prefix);
    }
    this.out.object({
      kind: 'session.probe',
      value: { policy: run.policy, probes: results.map(probeRow) },
      text: probeTable(results, this.out.options),
    });
    const isWrong = results.some(({ steps }) =>
      steps.some(({ answer, expected }) => !isExpected(answer, expected)),
    );
    if (isWrong) this.exitWith('checkFailed');
  }

  #wanted(): readonly string[] {
    for (const word of this.words) {
      if (probeNames.some((name) => name === word)) continue;
      const near = nearest(word, [...probeNames]);
      const hint =
        near === undefined ? `there are ${probeNames.join(', ')}` : `did you mean ${near}?`;
      throw usageError(`no probe is called ${word}; ${hint}`);
    }
    return this.words.length > 0 ? this.words : probeNames;
  }

  /** Finds the leader and what it is, and closes that connection again. */
  async #prepare() {
    const id = this.flags['client-id'];
    const clientId = id === undefined ? undefined : parseClientId(id);
    if (clientId !== undefined) this.warning('other holders of this client id are fenced');
    const client = await this.openClient();
    const { endpoint, serverVersion = '' } = client.session;
    if (endpoint === undefined) throw new CliError('E_FAILED', 'the client is not connected');
    const { credentials } = this;
    if (credentials === undefined) throw new CliError('E_NO_CREDENTIALS', 'there is no login');
    const cluster = await ProbedCluster.at(this.settings.places, endpoint);
    if (cluster !== undefined) this.onEnd(() => cluster.close());
    await client.close();
    const run: ProbeRun = {
      target: rawTargetOf(this.settings, endpoint, credentials),
      policy: cluster?.policy ?? null,
      isOurs: serverVersion.startsWith('iggyctl/'),
      prefix: `probe-${randomBytes(4).toString('hex')}`,
      ...{ cluster, clientId, keep: this.flags.keep },
    };
    return { run, cluster };
  }

  async #removeStreams(prefix: string): Promise<void> {
    const client = await this.openClient({ credentials: this.credentials });
    for (const { id, name } of await client.streams.list()) {
      if (name.startsWith(prefix)) await client.call('delete_stream', { stream_id: id });
    }
  }
}
