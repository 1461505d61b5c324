import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { mutationFlags } from '../../cli/flags.js';
import { groupResult } from '../../cli/group/group-result.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { refuseMore, takeTopic, topicArgs } from '../../cli/topic/topic-target.js';

export default class ConsumerGroupCreate extends ServerCommand<typeof ConsumerGroupCreate> {
  static override summary = 'Create a consumer group of a topic.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders workers',
    '<%= config.bin %> <%= command.id %> shop/orders workers --if-not-exists',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override oldShorts = [{ char: 'g', instead: 'no id: the server gives one' }];
  static override args = {
    ...topicArgs,
    name: Args.string({ description: 'Name of the group.' }),
  };
  static override flags = {
    ...mutationFlags,
    'if-not-exists': Flags.boolean({ summary: 'Succeed when there is one already.' }),
  };

  protected override async execute(): Promise<void> {
    const { target, label, rest } = takeTopic(this.words);
    const [name, ...more] = rest;
    if (name === undefined) throw usageError('a name is needed', 'write STREAM TOPIC NAME');
    refuseMore(more);
    const change = { action: 'consumer_group.create', target: `${name} of ${label}` };
    if (this.flags['if-not-exists'] && !this.isDryRun) {
      const found = await this.call('get_consumer_group', { ...target, group_id: name });
      if (found !== null) {
        const text = `consumer group ${change.target} is there already`;
        return this.out.object(changeResult({ ...change, changed: false, text, id: found.id }));
      }
    }
    const { value, raw } = await this.mutate('create_consumer_group', { ...target, name });
    const { pairs = [], value: after } = groupResult(value);
    const done = { ...change, changed: true, text: '', id: value.id, after, raw };
    this.out.object({ ...changeResult(done), pairs });
  }
}
