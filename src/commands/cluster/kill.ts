import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { act } from '../../cli/cluster/actions.js';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';

export default class ClusterKill extends ClusterCommand<typeof ClusterKill> {
  static override summary = 'Stop nodes of a local cluster, as hard as asked for.';
  static override description =
    'crash is a power cut: what was not synced is lost. clean stops in order. pause freezes a ' +
    'node until cluster heal.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --backup',
    '<%= config.bin %> <%= command.id %> --primary --mode pause',
  ];
  static override strict = false;
  static override args = {
    node: Args.string({ description: 'Numbers of nodes, from 0.' }),
  };
  static override flags = {
    ...localFlag,
    mode: Flags.string({
      summary: 'How to stop them.',
      options: ['crash', 'clean', 'pause'],
      default: 'crash',
    }),
    primary: Flags.boolean({ summary: 'The primary, whichever node it is.' }),
    backup: Flags.boolean({ summary: 'A backup that answers.' }),
  };
  static override resultKind = 'cluster.action';

  protected override async execute(): Promise<void> {
    const { primary, backup, mode } = this.flags;
    await this.withCluster(async (open) => {
      const nodes = await this.nodesOf(open, { numbers: this.words, primary, backup });
      if (nodes.length === 0) throw usageError('name a node, or use --primary or --backup');
      this.printAction(await act(open, 'kill', { nodes, mode }));
    });
  }
}
