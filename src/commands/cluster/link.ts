import { Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { act } from '../../cli/cluster/actions.js';
import { ClusterCommand, localFlag } from '../../cli/cluster/cluster-command.js';
import { linkParams } from '../../cli/cluster/link-params.js';
import { nodeNumber } from '../../cli/cluster/nodes.js';

const chance = (summary: string) => Flags.string({ summary, helpValue: '0..1' });

export default class ClusterLink extends ClusterCommand<typeof ClusterLink> {
  static override summary = 'Make the link from one node to another lossy, slow or disorderly.';
  static override description =
    'The rule is for one direction. It adds to what the link already has; cluster heal takes ' +
    'everything away.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --from 0 --to 1 --drop 0.3 --delay 20ms~10ms',
    '<%= config.bin %> <%= command.id %> --from 1 --to 0 --duplicate 0.1 --reorder 0.1',
  ];
  static override flags = {
    ...localFlag,
    from: Flags.string({ summary: 'Node that sends.', required: true, helpValue: 'NODE' }),
    to: Flags.string({ summary: 'Node that receives.', required: true, helpValue: 'NODE' }),
    drop: chance('Chance of a frame to be lost.'),
    delay: Flags.string({ summary: 'Delay, and how much more at most.', helpValue: 'DUR[~DUR]' }),
    duplicate: chance('Chance of a frame to arrive twice.'),
    reorder: chance('Chance of a frame to arrive after later ones.'),
  };
  static override resultKind = 'cluster.action';

  protected override async execute(): Promise<void> {
    const { from, to } = this.flags;
    const change = linkParams(this.flags);
    if (Object.keys(change).length === 0) {
      throw usageError('say what the link does: --drop, --delay, --duplicate or --reorder');
    }
    await this.withCluster(async (open) => {
      const { length } = (await this.statusOf(open)).nodes;
      const ends = { from: nodeNumber(from, length), to: nodeNumber(to, length) };
      if (ends.from === ends.to) throw usageError('a node has no link to itself');
      this.printRules(await act(open, 'link', { ...ends, ...change }));
    });
  }
}
