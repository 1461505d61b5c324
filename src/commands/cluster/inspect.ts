import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { calling } from '../../cli/cluster/actions.js';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';
import {
  differences,
  type InspectRecord,
  inspectedNode,
} from '../../cli/cluster/inspect-record.js';
import { diffText, inspectText } from '../../cli/cluster/inspect-tables.js';
import type { OpenCluster } from '../../cli/cluster/local-clusters.js';
import { nodeNumber, nodeNumbers } from '../../cli/cluster/nodes.js';
import { inspectSections } from '../../cluster/index.js';

export default class ClusterInspect extends ClusterCommand<typeof ClusterInspect> {
  static override summary = 'Look into the nodes of a local cluster.';
  static override description =
    'clients is the replicated client table and its retired tier; sessions are the connections ' +
    "of a node. --diff shows only in what nodes differ that should be equal; a node's own " +
    'timers, connections and counters are left out of it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 0 --section state,timers',
    '<%= config.bin %> <%= command.id %> --section clients --diff 0,1,2',
  ];
  static override args = {
    node: Args.string({ description: 'Number of the node, from 0; all if absent.' }),
  };
  static override flags = {
    ...localFlag,
    section: Flags.string({
      summary: 'Sections to show, or all.',
      helpValue: 'A,B',
      default: 'state',
    }),
    diff: Flags.string({ summary: 'Compare these nodes.', helpValue: 'A,B' }),
  };
  static override resultKind = 'cluster.inspect';

  protected override async execute(): Promise<void> {
    const sections = this.#sections();
    await this.withCluster(async (open) => {
      const ids = await this.#nodes(open);
      const nodes = await Promise.all(
        ids.map(async (node) =>
          inspectedNode(await calling(() => open.control.call('inspect', { node, sections }))),
        ),
      );
      const isDiff = this.flags.diff !== undefined;
      const diff = isDiff ? differences(nodes) : [];
      const record: InspectRecord = {
        kind: 'cluster.inspect',
        v: 1,
        nodes,
        ...(isDiff && { diff }),
      };
      const { width, style } = this.out.options;
      const none = `no difference between nodes ${ids.join(', ')}`;
      const text = !isDiff
        ? inspectText(record, { width, style })
        : diff.length === 0
          ? none
          : diffText(diff, { width, style });
      this.out.object({ kind: record.kind, value: record, text });
    });
  }

  #sections(): readonly string[] {
    const names = this.flags.section.split(',').map((each) => each.trim());
    if (names.includes('all')) return inspectSections;
    for (const name of names) {
      if (inspectSections.some((known) => known === name)) continue;
      throw usageError(
        `there is no section ${name}; there are ${inspectSections.join(', ')} and all`,
      );
    }
    return names;
  }

  async #nodes(open: OpenCluster): Promise<readonly number[]> {
    const { nodes } = await this.statusOf(open);
    const { diff } = this.flags;
    if (diff !== undefined) {
      const ids = nodeNumbers(diff, nodes.length);
      if (ids.length < 2) throw usageError('--diff: name at least two nodes');
      return ids;
    }
    const { node } = this.args;
    return node === undefined ? nodes.map(({ id }) => id) : [nodeNumber(node, nodes.length)];
  }
}
