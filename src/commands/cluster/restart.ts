import { Args, Flags } from '@oclif/core';
import { CliError, usageError } from '../../cli/cli-error.js';
import { act } from '../../cli/cluster/actions.js';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';
import type { OpenCluster } from '../../cli/cluster/local-clusters.js';
import { waitUntil } from '../../cli/cluster/watch.js';
import { confirmLoss } from '../../cli/connect/ask.js';

const rollingMillis = 30_000;

export default class ClusterRestart extends ClusterCommand<typeof ClusterRestart> {
  static override summary = 'Start nodes of a local cluster again.';
  static override description =
    'A node that runs is stopped in order first. With --wipe it loses its data, and votes again ' +
    'only after it has caught up from the others.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 2',
    '<%= config.bin %> <%= command.id %> --all --rolling',
  ];
  static override strict = false;
  static override args = {
    node: Args.string({ description: 'Numbers of nodes, from 0.' }),
  };
  static override flags = {
    ...localFlag,
    all: Flags.boolean({ summary: 'All nodes.' }),
    rolling: Flags.boolean({ summary: 'One after the other, each once the cluster is healthy.' }),
    wipe: Flags.boolean({ summary: 'Remove the data of these nodes first.' }),
  };
  static override resultKind = 'cluster.action';

  protected override async execute(): Promise<void> {
    const { all, rolling, wipe } = this.flags;
    await this.withCluster(async (open) => {
      const nodes = await this.nodesOf(open, { numbers: this.words, all });
      if (nodes.length === 0) throw usageError('name a node, or use --all');
      const { quorum, nodes: rows } = await this.statusOf(open);
      if (wipe && nodes.length > rows.length - quorum.need) {
        const which = `${nodes.length} of ${rows.length} nodes`;
        await confirmLoss(`Remove the data of ${which}? What only they hold is lost.`, this.flags);
      }
      if (!rolling) {
        this.printAction(await act(open, 'restart', { nodes, wipe }));
        return;
      }
      for (const node of nodes) await this.#roll(open, node, wipe);
    });
  }

  async #roll(open: OpenCluster, node: number, wipe: boolean): Promise<void> {
    this.printAction(await act(open, 'restart', { nodes: [node], wipe }));
    const { isOver } = await waitUntil(
      () => this.statusOf(open),
      ({ healthy, nodes }) => healthy && nodes[node]?.status === 'normal',
      rollingMillis,
    );
    if (isOver) {
      throw new CliError('E_UNHEALTHY', `the cluster was not healthy again after node ${node}`, {
        hint: 'iggyctl cluster status',
      });
    }
  }
}
