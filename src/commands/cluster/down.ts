import { Args, Flags } from '@oclif/core';
import { ClusterCommand, listColumns, localFlag } from '../../cli/cluster/cluster-command.js';
import { findLocalCluster, listLocalClusters } from '../../cli/cluster/local-clusters.js';
import { dataOf, type StoppedCluster, stopCluster } from '../../cli/cluster/stop-cluster.js';
import { confirmLoss } from '../../cli/connect/ask.js';
import { parseDuration } from '../../cli/values.js';
import type { FoundCluster } from '../../cluster/index.js';
import { humanDuration } from '../../render/index.js';

export default class ClusterDown extends ClusterCommand<typeof ClusterDown> {
  static override summary = 'Stop a local cluster.';
  static override description =
    'Its data stays, so that the next cluster up goes on from there; --purge removes it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all --purge --yes',
  ];
  static override args = {
    name: Args.string({ description: 'Local cluster; that of the active context, or dev.' }),
  };
  static override flags = {
    ...localFlag,
    all: Flags.boolean({ summary: 'Every local cluster.' }),
    purge: Flags.boolean({ summary: 'Remove the data as well.' }),
    force: Flags.boolean({ summary: 'Kill the process instead of asking it.' }),
  };
  static override resultKind = 'cluster|cluster.list';

  protected override async execute(): Promise<void> {
    const { all, purge, force, timeout } = this.flags;
    const { places } = this.settings;
    const found = all
      ? listLocalClusters(places)
      : [findLocalCluster(places, this.clusterName(this.args.name))];
    if (purge) await confirmLoss(this.#question(found), this.flags);
    const timeoutMillis =
      timeout === undefined ? 10_000 : parseDuration(timeout, '--timeout') / 1000;
    const items: StoppedCluster[] = [];
    for (const each of found) {
      items.push(await stopCluster(places, each, { timeoutMillis, force, purge }));
    }
    this.#print(items);
  }

  #question(found: readonly FoundCluster[]): string {
    const { places } = this.settings;
    const lines = found.map((each) => `${each.name} (${dataOf(places, each) ?? 'in memory'})`);
    return `Stop and remove all data of ${lines.join(', ')}?`;
  }

  #print(items: readonly StoppedCluster[]): void {
    const [first] = items;
    if (this.out.isJson && !this.flags.all && first !== undefined) {
      this.out.object({ kind: 'cluster', value: first });
      return;
    }
    if (this.out.options.quiet && !this.out.isJson) return;
    this.out.list({
      kind: 'cluster',
      items,
      columns: listColumns(
        [
          { key: 'name', title: 'Name' },
          { key: 'pid', title: 'Pid', align: 'right' },
          { key: 'took_us', title: 'Stopped in', align: 'right' },
        ],
        ({ name, pid, took_us: took }: StoppedCluster) => ({
          name,
          pid,
          took_us: humanDuration(took),
        }),
      ),
      empty: 'no local clusters',
    });
  }
}
