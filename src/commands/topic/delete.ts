import { Args, Flags } from '@oclif/core';
import { counted } from '../../cli/counted.js';
import { mutationFlags } from '../../cli/flags.js';
import { topicNotFound } from '../../cli/not-found.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { refuseMore, takeTopic } from '../../cli/topic/topic-target.js';

export default class TopicDelete extends ServerCommand<typeof TopicDelete> {
  static override summary = 'Delete a topic with its messages and consumer groups.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders --yes',
    '<%= config.bin %> <%= command.id %> shop/orders --dry-run',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = {
    stream: Args.string({ description: 'Stream, or STREAM/TOPIC.' }),
    topic: Args.string({ description: 'Topic, by name or id.' }),
  };
  static override flags = {
    ...mutationFlags,
    'if-exists': Flags.boolean({ summary: 'Succeed when there is no such topic.' }),
  };

  protected override async execute(): Promise<void> {
    const { target, label, rest } = takeTopic(this.words);
    refuseMore(rest);
    const action = 'topic.delete';
    if (!this.isDryRun) {
      const found = await this.call('get_topic', target);
      if (found === null) {
        if (!this.flags['if-exists']) throw topicNotFound(target.stream_id, target.topic_id);
        const text = `there is no topic ${label}`;
        return this.out.object(changeResult({ action, target: label, changed: false, text }));
      }
      await this.confirm(`Delete topic ${label} with ${counted(found.messages_count, 'message')}?`);
    }
    const { raw } = await this.mutate('delete_topic', target);
    const text = `topic ${label} was deleted`;
    this.out.object(changeResult({ action, target: label, changed: true, text, raw }));
  }
}
