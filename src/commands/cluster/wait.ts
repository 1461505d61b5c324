import { Args, Flags } from '@oclif/core';
import { CliError } from '../../cli/cli-error.js';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';
import { healthLine } from '../../cli/cluster/status-tables.js';
import { parseCondition } from '../../cli/cluster/until.js';
import { waitUntil } from '../../cli/cluster/watch.js';
import { parseDuration } from '../../cli/values.js';

export default class ClusterWait extends ClusterCommand<typeof ClusterWait> {
  static override summary = 'Wait until a local cluster is in a certain state.';
  static override description =
    'Conditions: healthy, converged, primary=1, primary!=0, view>=3, commit>=100, ' +
    'node.2.status=normal, node.0.lag<=5. Several have to hold at the same time. ' +
    'A cluster has converged when all nodes are in one view and have applied what any of them had ' +
    'when the wait began, partitions included. ' +
    'Ends with 8 when the time is over.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --until healthy --until 'view>=0' --timeout 20s",
  ];
  static override args = {
    name: Args.string({ description: 'Local cluster; that of the active context, or dev.' }),
  };
  static override flags = {
    ...localFlag,
    until: Flags.string({
      summary: 'Condition; may be given several times.',
      multiple: true,
      multipleNonGreedy: true,
      default: ['healthy'],
      helpValue: 'EXPR',
    }),
  };
  static override resultKind = 'cluster.status';

  protected override async execute(): Promise<void> {
    const conditions = this.flags.until.map(parseCondition);
    const { timeout } = this.flags;
    const limit = timeout === undefined ? 30_000 : parseDuration(timeout, '--timeout') / 1000;
    await this.withCluster(async (open) => {
      const start = performance.now();
      const { status, isOver } = await waitUntil(
        () => this.statusOf(open),
        (each) => conditions.every((condition) => condition.holds(each)),
        limit,
      );
      if (isOver) {
        const open = conditions.filter((condition) => !condition.holds(status));
        throw new CliError(
          'E_TIMEOUT',
          `${open.map(({ text }) => text).join(', ')} did not hold within ${limit / 1000} s`,
          { causes: [healthLine(status)], hint: `iggyctl cluster status ${status.name}` },
        );
      }
      this.detail(`waited ${Math.round(performance.now() - start)} ms`);
      this.out.object({ kind: status.kind, value: status, text: healthLine(status) });
    }, this.args.name);
  }
}
