import { Args } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { topicNotFound } from '../../cli/not-found.js';
import { beforeAfterTable, changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { refuseMore, takeCount, takeTopic } from '../../cli/topic/topic-target.js';

export default class PartitionCreate extends ServerCommand<typeof PartitionCreate> {
  static override summary = 'Add partitions to a topic.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders 2',
    '<%= config.bin %> <%= command.id %> shop/orders 1 --dry-run',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = {
    stream: Args.string({ description: 'Stream, or STREAM/TOPIC.' }),
    topic: Args.string({ description: 'Topic, by name or id.' }),
    count: Args.string({ description: 'How many partitions, 1 to 1000.' }),
  };
  static override flags = { ...mutationFlags };

  protected override async execute(): Promise<void> {
    const { target, label, rest } = takeTopic(this.words);
    const count = takeCount(rest[0], 'COUNT', 1000);
    refuseMore(rest.slice(1));
    let had = 0;
    if (!this.isDryRun) {
      const found = await this.call('get_topic', target);
      if (found === null) throw topicNotFound(target.stream_id, target.topic_id);
      had = found.partitions_count;
    }
    const { raw } = await this.mutate('create_partitions', { ...target, partitions_count: count });
    const has = had + count;
    this.out.object(
      changeResult({
        ...{ action: 'partition.create', target: label, changed: true, raw },
        ...{ before: { partitions_count: had }, after: { partitions_count: has } },
        text: beforeAfterTable(had, has, this.out.options),
      }),
    );
  }
}
