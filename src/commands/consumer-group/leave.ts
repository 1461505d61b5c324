import { Flags } from '@oclif/core';
import { parseClientId } from '../../cli/connect/client-id.js';
import { mutationFlags } from '../../cli/flags.js';
import { groupArgs, takeGroup } from '../../cli/group/group-target.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';

export default class ConsumerGroupLeave extends ServerCommand<typeof ConsumerGroupLeave> {
  static override summary = 'Take a client out of a consumer group.';
  static override description =
    'Memberships belong to sessions. --client-id takes the session over from whoever holds it, ' +
    'which fences that client, and leaves the group in its place.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders workers --client-id 1f --dry-run',
    '<%= config.bin %> <%= command.id %> shop/orders workers --client-id 0x1f --dry-run --json',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = groupArgs;
  static override flags = {
    ...mutationFlags,
    'client-id': Flags.string({
      summary: 'Client that leaves.',
      helpValue: 'HEX',
      required: true,
    }),
  };

  protected override async execute(): Promise<void> {
    const { target, label } = takeGroup(this.words);
    const clientId = parseClientId(this.flags['client-id']);
    if (!this.isDryRun) {
      await this.confirm(`Fence client ${this.flags['client-id']} and take it out of ${label}?`);
      await this.client({ clientId });
    }
    const { raw } = await this.mutate('leave_consumer_group', target);
    const text = `client ${this.flags['client-id']} is not a member of ${label} any more`;
    const change = { action: 'consumer_group.leave', target: label, changed: true, text, raw };
    this.out.object(changeResult(change));
  }
}
