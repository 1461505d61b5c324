import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import { topicResult } from '../../cli/topic/topic-result.js';
import { refuseMore, takeTopic, topicArgs } from '../../cli/topic/topic-target.js';
import { parseIdentifier } from '../../cli/values.js';

export default class TopicCopy extends ServerCommand<typeof TopicCopy> {
  static override summary =
    'Create a topic like another one: partitions and settings, no messages.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders orders-test',
    '<%= config.bin %> <%= command.id %> shop/orders archive/orders --if-not-exists',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = {
    ...topicArgs,
    new: Args.string({ description: 'Name of the copy, or STREAM/NAME.' }),
  };
  static override flags = {
    ...mutationFlags,
    'if-not-exists': Flags.boolean({ summary: 'Succeed when there is one already.' }),
  };

  protected override async execute(): Promise<void> {
    const { target, label, rest } = takeTopic(this.words);
    const [copy, ...more] = rest;
    if (copy === undefined) {
      throw usageError('the name of the copy is missing', 'write STREAM TOPIC NEW');
    }
    refuseMore(more);
    const at = copy.indexOf('/');
    const stream_id = at < 0 ? target.stream_id : parseIdentifier(copy.slice(0, at), 'NEW');
    const name = copy.slice(at + 1);
    const newLabel = at < 0 ? `${label.split('/')[0] ?? ''}/${name}` : copy;
    const client = await this.client();
    const source = await existingTopic(client, target, this.signal);
    const action = 'topic.copy';
    if (this.flags['if-not-exists'] && !this.isDryRun) {
      const there = await client.topics.get(stream_id, name, { signal: this.signal });
      if (there !== null) {
        const text = `topic ${newLabel} is there already`;
        const change = { action, target: newLabel, changed: false, text, id: there.id };
        return this.out.object(changeResult(change));
      }
    }
    const { value, raw } = await this.mutate('create_topic', {
      ...{ stream_id, name, partitions_count: source.partitions_count },
      options: source.options,
    });
    const stream = await client.streams.get(stream_id, { signal: this.signal });
    const { pairs = [], value: after } = topicResult(value, stream?.id ?? 0);
    const change = { action, target: newLabel, changed: true, text: '', id: value.id, after, raw };
    this.out.object({ ...changeResult(change), pairs });
  }
}
