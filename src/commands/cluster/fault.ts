import { Args, Flags } from '@oclif/core';
import { act } from '../../cli/cluster/actions.js';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';
import { nodeNumber } from '../../cli/cluster/nodes.js';

export default class ClusterFault extends ClusterCommand<typeof ClusterFault> {
  static override summary = 'Make the disk of a node of a local cluster misbehave.';
  static override description =
    'torn: the next write is cut short. bitflip: a bit of what is stored flips at once. enospc: ' +
    'writes fail. slow: writes take long. fsync-fail: syncs fail. cluster heal ends what goes on.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1 --disk slow',
    '<%= config.bin %> <%= command.id %> 1 --disk bitflip --target superblock',
  ];
  static override args = {
    node: Args.string({ description: 'Number of the node, from 0.', required: true }),
  };
  static override flags = {
    ...localFlag,
    disk: Flags.string({
      summary: 'What goes wrong.',
      options: ['torn', 'bitflip', 'enospc', 'slow', 'fsync-fail'],
      required: true,
    }),
    target: Flags.string({
      summary: 'Only in these files.',
      options: ['wal', 'superblock', 'segment'],
    }),
    once: Flags.boolean({ summary: 'Only the next time.' }),
  };
  static override resultKind = 'cluster.action';

  protected override async execute(): Promise<void> {
    const { disk, target = 'all', once } = this.flags;
    await this.withCluster(async (open) => {
      const { nodes } = await this.statusOf(open);
      const node = nodeNumber(this.args.node, nodes.length);
      this.printAction(await act(open, 'fault', { node, disk, target, once }));
    });
  }
}
