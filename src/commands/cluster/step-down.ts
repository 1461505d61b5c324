import { Flags } from '@oclif/core';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';
import { stepDown } from '../../cli/cluster/step-down.js';
import { parseDuration } from '../../cli/values.js';
import { humanDuration } from '../../render/index.js';

export default class ClusterStepDown extends ClusterCommand<typeof ClusterStepDown> {
  static override summary = 'Make the primary give up its leadership.';
  static override description =
    'The node after the primary takes over, in the next view. With --to it is repeated until ' +
    'that node leads.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --to 0 --json',
  ];
  static override flags = {
    ...localFlag,
    to: Flags.string({ summary: 'Node that shall lead.', helpValue: 'NODE' }),
  };
  static override resultKind = 'cluster.action';

  protected override async execute(): Promise<void> {
    const { to, timeout } = this.flags;
    const limit = timeout === undefined ? 30_000 : parseDuration(timeout, '--timeout') / 1000;
    await this.withCluster(async (open) => {
      const { record, before, after } = await stepDown(open, () => this.statusOf(open), {
        to,
        timeoutMillis: limit,
      });
      this.out.object({
        kind: record.kind,
        value: record,
        pairs: [
          { label: 'Old view', value: before.view },
          { label: 'New view', value: after.view },
          { label: 'Old primary', value: before.primary },
          { label: 'New primary', value: after.primary },
          { label: 'Took', value: humanDuration(record.took_us ?? 0) },
        ],
        name: after.primary ?? undefined,
      });
    });
  }
}
