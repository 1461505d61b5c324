import { setTimeout as sleep } from 'node:timers/promises';
import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { act } from '../../cli/cluster/actions.js';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';
import type { OpenCluster } from '../../cli/cluster/local-clusters.js';
import { nodeGroups, nodeNumbers } from '../../cli/cluster/nodes.js';
import { parseDuration } from '../../cli/values.js';

export default class ClusterIsolate extends ClusterCommand<typeof ClusterIsolate> {
  static override summary = 'Cut nodes of a local cluster off from the others.';
  static override description =
    'Clients still reach an isolated node; the other nodes do not. Without --for it stays so ' +
    'until cluster heal.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --primary --for 100ms',
    "<%= config.bin %> <%= command.id %> --groups '0,1|2'",
  ];
  static override strict = false;
  static override args = {
    node: Args.string({ description: 'Numbers of nodes, from 0.' }),
  };
  static override flags = {
    ...localFlag,
    from: Flags.string({ summary: 'Only from these nodes.', helpValue: 'NODE,…' }),
    direction: Flags.string({
      summary: 'Which frames are stopped, as the isolated node sees it.',
      options: ['in', 'out', 'both'],
      default: 'both',
    }),
    groups: Flags.string({
      summary: 'Split the nodes: only those of one group can talk.',
      helpValue: '"0,1|2"',
    }),
    for: Flags.string({ summary: 'Heal after this time.', helpValue: 'DURATION' }),
    primary: Flags.boolean({ summary: 'The primary, whichever node it is.' }),
  };
  static override resultKind = 'cluster.action';
  static override stopsItself = true;

  protected override async execute(): Promise<void> {
    const { for: time } = this.flags;
    const millis = time === undefined ? undefined : parseDuration(time, '--for') / 1000;
    await this.withCluster(async (open) => {
      const healed = await this.#cut(open);
      if (millis === undefined) return;
      await sleep(millis, undefined, { signal: this.signal }).catch(() => undefined);
      await act(open, 'heal', { nodes: healed });
      this.notice('healed');
    });
  }

  /** Cuts the links; gives the nodes whose links are to be healed. */
  async #cut(open: OpenCluster): Promise<readonly number[]> {
    const { groups, from, direction, primary } = this.flags;
    const { nodes: all } = await this.statusOf(open);
    if (groups !== undefined) {
      if (this.words.length > 0) throw usageError('--groups names all nodes; give no others');
      const params = { groups: nodeGroups(groups, all.length) };
      this.printRules(await act(open, 'partition', params));
      return all.map(({ id }) => id);
    }
    const nodes = await this.nodesOf(open, { numbers: this.words, primary });
    if (nodes.length === 0) throw usageError('name a node, or use --primary or --groups');
    const others = from === undefined ? [] : nodeNumbers(from, all.length);
    this.printRules(await act(open, 'isolate', { nodes, from: others, direction }));
    return nodes;
  }
}
