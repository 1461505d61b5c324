import { listFlags } from '../../cli/flags.js';
import { groupColumns, groupFields } from '../../cli/group/group-result.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import { refuseMore, takeTopic, topicArgs } from '../../cli/topic/topic-target.js';

export default class ConsumerGroupList extends ServerCommand<typeof ConsumerGroupList> {
  static override summary = 'List the consumer groups of a topic.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders',
    '<%= config.bin %> <%= command.id %> shop/orders --json',
  ];
  static override resultKind = 'consumer_group.list';
  static override strict = false;
  static override args = topicArgs;
  static override flags = { ...listFlags };

  protected override async execute(): Promise<void> {
    const { target, rest } = takeTopic(this.words);
    refuseMore(rest);
    await existingTopic(await this.client(), target, this.signal);
    const { groups } = await this.call('get_consumer_groups', target);
    this.out.list({
      kind: 'consumer_group',
      items: groups.map(groupFields),
      columns: groupColumns,
      empty: 'no consumer groups',
    });
  }
}
