import { Args, Flags } from '@oclif/core';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';
import type { StatusRecord } from '../../cli/cluster/status-record.js';
import { watchStatus } from '../../cli/cluster/watch.js';
import { parseDuration } from '../../cli/values.js';

export default class ClusterStatus extends ClusterCommand<typeof ClusterStatus> {
  static override summary = 'Show the nodes of a cluster, their roles and how far they are.';
  static override description =
    'Reads a local cluster through its control socket, so it works without a primary; with ' +
    '--server or a context of another cluster, asks its nodes. ' +
    'Ends with 0 when the cluster is healthy and with 9 when it is not.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> dev --expect-nodes 3 --json',
  ];
  static override args = {
    name: Args.string({ description: 'Local cluster; that of the active context, or dev.' }),
  };
  static override flags = {
    ...localFlag,
    watch: Flags.boolean({ char: 'w', summary: 'Show it again whenever something changes.' }),
    interval: Flags.string({
      summary: 'How often to look with --watch.',
      default: '500ms',
      helpValue: 'DURATION',
    }),
    'exit-when-healthy': Flags.boolean({ summary: 'With --watch: end once it is healthy.' }),
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
  };
  static override resultKind = 'cluster.status';

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const rules = { expectNodes: flags['expect-nodes'], maxLag: flags['max-lag'] };
    const show = async (look: () => Promise<StatusRecord>) => {
      const status = flags.watch
        ? await watchStatus(look, (each) => this.printStatus(each), {
            millis: parseDuration(flags.interval, '--interval') / 1000,
            untilHealthy: flags['exit-when-healthy'],
            signal: this.signal,
          })
        : await look();
      if (!flags.watch) this.printStatus(status);
      if (!status.healthy) this.exitWith('unhealthy');
    };
    await this.withStatus(rules, show, this.args.name);
  }
}
