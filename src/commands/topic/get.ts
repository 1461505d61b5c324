import { Args } from '@oclif/core';
import { topicNotFound } from '../../cli/not-found.js';
import { ServerCommand } from '../../cli/server-command.js';
import { partitionFields, topicResult } from '../../cli/topic/topic-result.js';
import { refuseMore, takeTopic } from '../../cli/topic/topic-target.js';

export default class TopicGet extends ServerCommand<typeof TopicGet> {
  static override summary = 'Show one topic.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders',
    '<%= config.bin %> <%= command.id %> shop/orders --json',
  ];
  static override resultKind = 'topic';
  static override strict = false;
  static override args = {
    stream: Args.string({ description: 'Stream, or STREAM/TOPIC.' }),
    topic: Args.string({ description: 'Topic, by name or id.' }),
  };

  protected override async execute(): Promise<void> {
    const { target, rest } = takeTopic(this.words);
    refuseMore(rest);
    const found = await this.call('get_topic', target);
    if (found === null) throw topicNotFound(target.stream_id, target.topic_id);
    const stream = await this.call('get_stream', { stream_id: target.stream_id });
    this.out.object(
      topicResult(found, stream?.id ?? 0, { partitions: found.partitions.map(partitionFields) }),
    );
  }
}
