import { Flags } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { groupArgs, takeGroup } from '../../cli/group/group-target.js';
import { groupNotFound } from '../../cli/not-found.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';

export default class ConsumerGroupDelete extends ServerCommand<typeof ConsumerGroupDelete> {
  static override summary = 'Delete a consumer group with its stored offsets.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders workers --yes',
    '<%= config.bin %> <%= command.id %> shop/orders workers --dry-run',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = groupArgs;
  static override flags = {
    ...mutationFlags,
    'if-exists': Flags.boolean({ summary: 'Succeed when there is no such group.' }),
  };

  protected override async execute(): Promise<void> {
    const { target, topic, label } = takeGroup(this.words);
    const change = { action: 'consumer_group.delete', target: label };
    if (!this.isDryRun) {
      const found = await this.call('get_consumer_group', target);
      if (found === null) {
        if (!this.flags['if-exists']) {
          await existingTopic(await this.client(), topic, this.signal);
          throw groupNotFound(target.group_id, topic);
        }
        const text = `there is no consumer group ${label}`;
        return this.out.object(changeResult({ ...change, changed: false, text }));
      }
      const { members_count: members } = found;
      await this.confirm(
        `Delete consumer group ${label} with ${members} members and all its stored offsets?`,
      );
    }
    const { raw } = await this.mutate('delete_consumer_group', target);
    const text = `consumer group ${label} was deleted`;
    this.out.object(changeResult({ ...change, changed: true, text, raw }));
  }
}
