import { Args } from '@oclif/core';
import { listFlags } from '../../cli/flags.js';
import { topicNotFound } from '../../cli/not-found.js';
import { ServerCommand } from '../../cli/server-command.js';
import { partitionColumns, partitionFields } from '../../cli/topic/topic-result.js';
import { refuseMore, takeTopic } from '../../cli/topic/topic-target.js';

export default class PartitionList extends ServerCommand<typeof PartitionList> {
  static override summary = 'List the partitions of a topic.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders',
    '<%= config.bin %> <%= command.id %> shop/orders --json',
  ];
  static override resultKind = 'partition.list';
  static override strict = false;
  static override flags = { ...listFlags };
  static override args = {
    stream: Args.string({ description: 'Stream, or STREAM/TOPIC.' }),
    topic: Args.string({ description: 'Topic, by name or id.' }),
  };

  protected override async execute(): Promise<void> {
    const { target, rest } = takeTopic(this.words);
    refuseMore(rest);
    const found = await this.call('get_topic', target);
    if (found === null) throw topicNotFound(target.stream_id, target.topic_id);
    this.out.list({
      kind: 'partition',
      items: found.partitions.map(partitionFields),
      columns: partitionColumns,
      nameKey: 'id',
      empty: 'no partitions',
    });
  }
}
