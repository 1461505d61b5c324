import { groupResult } from '../../cli/group/group-result.js';
import { existingGroup, groupArgs, takeGroup } from '../../cli/group/group-target.js';
import { ServerCommand } from '../../cli/server-command.js';

export default class ConsumerGroupGet extends ServerCommand<typeof ConsumerGroupGet> {
  static override summary = 'Show a consumer group, its members and their partitions.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders workers',
    '<%= config.bin %> <%= command.id %> shop/orders workers --json',
  ];
  static override resultKind = 'consumer_group';
  static override strict = false;
  static override args = groupArgs;

  protected override async execute(): Promise<void> {
    const { target } = takeGroup(this.words);
    this.out.object(groupResult(await existingGroup(await this.client(), target, this.signal)));
  }
}
