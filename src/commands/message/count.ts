import { Flags } from '@oclif/core';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import { refuseMore, takeTopic, topicArgs } from '../../cli/topic/topic-target.js';
import { renderTable } from '../../render/index.js';

export default class MessageCount extends ServerCommand<typeof MessageCount> {
  static override summary = 'Count the messages of a topic.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders',
    '<%= config.bin %> <%= command.id %> shop/orders --by-partition',
  ];
  static override resultKind = 'count';
  static override strict = false;
  static override args = topicArgs;
  static override flags = {
    'by-partition': Flags.boolean({ summary: 'One line for each partition.' }),
  };

  protected override async execute(): Promise<void> {
    const { target, rest } = takeTopic(this.words);
    refuseMore(rest);
    const topic = await existingTopic(await this.client(), target, this.signal);
    const partitions = topic.partitions.map((each) => ({
      ...{ partition: each.id, messages_count: each.messages_count },
    }));
    const total = partitions.reduce((sum, each) => sum + each.messages_count, 0n);
    const columns = [
      { key: 'partition', title: 'Partition', align: 'right' as const },
      { key: 'messages_count', title: 'Messages', align: 'right' as const },
    ];
    const text = this.flags['by-partition']
      ? renderTable(columns, partitions, this.out.options)
      : String(total);
    this.out.object({
      kind: 'count',
      text,
      name: String(total),
      value: {
        ...{ stream: String(target.stream_id), topic: String(target.topic_id) },
        ...{ messages_count: total, partitions },
      },
    });
  }
}
