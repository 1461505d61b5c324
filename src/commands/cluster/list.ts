import { Flags } from '@oclif/core';
import { ClusterCommand, listColumns } from '../../cli/cluster/cluster-command.js';
import { clusterColumns, clusterRecordLive, clusterRow } from '../../cli/cluster/list-record.js';
import { listLocalClusters } from '../../cli/cluster/local-clusters.js';
import { pruneCluster } from '../../cluster/index.js';

export default class ClusterList extends ClusterCommand<typeof ClusterList> {
  static override summary = 'List the local clusters of this user.';
  static override description =
    'A cluster whose process is gone without cleaning up is shown as dead; --prune removes what ' +
    'it left, but not its data.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --prune --json',
  ];
  static override flags = {
    prune: Flags.boolean({ summary: 'Remove the run files of dead clusters.' }),
  };
  static override resultKind = 'cluster.list';

  protected override async execute(): Promise<void> {
    const { places } = this.settings;
    const found = listLocalClusters(places);
    const dead = found.filter(({ state }) => state === 'dead');
    if (this.flags.prune) dead.forEach(pruneCluster);
    const shown = this.flags.prune ? found.filter((each) => !dead.includes(each)) : found;
    this.out.list({
      kind: 'cluster',
      items: await Promise.all(shown.map((each) => clusterRecordLive(places, each))),
      columns: listColumns(clusterColumns, clusterRow),
      idKey: 'name',
      empty: 'no local clusters',
    });
    if (this.flags.prune && dead.length > 0) {
      this.notice(`removed: ${dead.map(({ name }) => name).join(', ')}`);
    }
  }
}
