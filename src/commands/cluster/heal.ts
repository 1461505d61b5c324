import { Args, Flags } from '@oclif/core';
import { act } from '../../cli/cluster/actions.js';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';

export default class ClusterHeal extends ClusterCommand<typeof ClusterHeal> {
  static override summary = 'Take link rules, disk faults and pauses away.';
  static override description =
    'Shows the link rules that were removed. Nodes that were killed stay down unless --restart ' +
    'is given.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> 1 --restart',
  ];
  static override strict = false;
  static override args = {
    node: Args.string({ description: 'Numbers of nodes, from 0; all if none are named.' }),
  };
  static override flags = {
    ...localFlag,
    all: Flags.boolean({ summary: 'All nodes; the default.' }),
    restart: Flags.boolean({ summary: 'Also start nodes that are down.' }),
  };
  static override resultKind = 'cluster.action';

  protected override async execute(): Promise<void> {
    const { restart } = this.flags;
    await this.withCluster(async (open) => {
      const nodes = await this.nodesOf(open, { numbers: this.words });
      const record = await act(open, 'heal', { nodes, restart });
      this.printRules(record, true);
      if (record.nodes.length > 0 && !this.out.isJson) this.printAction(record);
    });
  }
}
