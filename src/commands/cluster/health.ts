import { Args, Flags } from '@oclif/core';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';
import { healthRecord, nagiosLine } from '../../cli/cluster/health.js';
import { healthLine } from '../../cli/cluster/status-tables.js';
import { waitUntil } from '../../cli/cluster/watch.js';
import { parseDuration } from '../../cli/values.js';

export default class ClusterHealth extends ClusterCommand<typeof ClusterHealth> {
  static override summary = 'Say in one line whether a cluster is healthy.';
  static override description =
    'Healthy means: a quorum of the nodes takes part, all that answer are in one view with one ' +
    'primary, and no backup is further behind than --max-lag. Ends with 0 or 9.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --expect-nodes 3 --wait 10s --format nagios',
  ];
  static override args = {
    name: Args.string({ description: 'Local cluster; that of the active context, or dev.' }),
  };
  static override flags = {
    ...localFlag,
    wait: Flags.string({
      summary: 'Wait so long for it to become healthy.',
      default: '0s',
      helpValue: 'DURATION',
    }),
    'expect-nodes': Flags.integer({
      summary: 'Nodes that have to take part; a quorum if absent.',
      min: 1,
      helpValue: 'N',
    }),
    'max-lag': Flags.integer({
      summary: 'Operations a backup may be behind.',
      default: 64,
      min: 0,
      helpValue: 'N',
    }),
    format: Flags.string({
      summary: 'Form of the line.',
      options: ['text', 'json', 'nagios'],
      default: 'text',
    }),
  };
  static override resultKind = 'cluster.health';

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const expectNodes = flags['expect-nodes'];
    const rules = { expectNodes, maxLag: flags['max-lag'] };
    const limit = parseDuration(flags.wait, '--wait') / 1000;
    const { status } = await this.withStatus(
      rules,
      (look) => waitUntil(look, ({ healthy }) => healthy, limit),
      this.args.name,
    );
    const record = healthRecord(status, expectNodes);
    if (flags.format === 'json' && !this.out.isJson) this.out.raw(`${JSON.stringify(record)}\n`);
    else {
      const text = flags.format === 'nagios' ? nagiosLine(status, record) : healthLine(status);
      this.out.object({ kind: record.kind, value: record, text });
    }
    if (!status.healthy) this.exitWith('unhealthy');
  }
}
