import { Args, Flags } from '@oclif/core';
import { CliError } from '../../cli/cli-error.js';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { optionsOf } from '../../cli/topic/option-values.js';
import { whatIsMissing } from '../../cli/topic/topic-lookup.js';
import { officialSettings, topicSettings } from '../../cli/topic/topic-options.js';
import { topicResult } from '../../cli/topic/topic-result.js';
import { takeCount, takeTopic } from '../../cli/topic/topic-target.js';

export default class TopicCreate extends ServerCommand<typeof TopicCreate> {
  static override summary = 'Create a topic in a stream.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders --partitions 3',
    '<%= config.bin %> <%= command.id %> shop/orders --expiry 7d --if-not-exists',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override oldShorts = [
    { char: 'm', instead: '--max-size SIZE' },
    { char: 't', instead: 'no id: the server gives one' },
  ];
  static override args = {
    stream: Args.string({ description: 'Stream, or STREAM/NAME.' }),
    name: Args.string({ description: 'Name of the topic.' }),
    rest: Args.string({ description: 'Official order: PARTITIONS COMPRESSION [EXPIRY].' }),
  };
  static override flags = {
    ...mutationFlags,
    partitions: Flags.integer({ char: 'p', summary: 'Partitions; 1.', min: 0, max: 1000 }),
    compression: Flags.string({ summary: 'Announced to clients.', options: ['none', 'gzip'] }),
    expiry: Flags.string({ summary: 'Age at which messages may go.', helpValue: 'DUR' }),
    'max-size': Flags.string({
      summary: 'Size at which the oldest go.',
      helpValue: 'SIZE',
      aliases: ['max-topic-size'],
    }),
    set: Flags.string({
      summary: 'An option of iggyctl options topic.',
      helpValue: 'KEY=VALUE',
      multiple: true,
    }),
    'if-not-exists': Flags.boolean({ summary: 'Succeed when there is one already.' }),
  };

  protected override async execute(): Promise<void> {
    const { target, label, rest } = takeTopic(this.words);
    const [count, ...others] = rest;
    const settings = topicSettings(officialSettings(others, this.flags));
    const partitions =
      this.flags.partitions ?? (count === undefined ? 1 : takeCount(count, 'PARTITIONS', 1000, 0));
    const action = 'topic.create';
    const name = String(target.topic_id);
    if (this.flags['if-not-exists'] && !this.isDryRun) {
      const found = await this.call('get_topic', { ...target, topic_id: name });
      if (found !== null) {
        const text = `topic ${label} is there already`;
        this.out.object(
          changeResult({ action, target: label, changed: false, text, id: found.id }),
        );
        return;
      }
    }
    const { topicOptions } = await import('../../client/index.js');
    const more = await optionsOf(this.flags.set ?? [], 'topic', () => this.client());
    const request = {
      stream_id: target.stream_id,
      partitions_count: partitions,
      name,
      options: [...topicOptions(settings), ...more],
    };
    const { value, raw } = await this.mutate('create_topic', request).catch(
      async (error: unknown) => {
        const isNew = error instanceof CliError || this.isDryRun;
        const place = { stream_id: target.stream_id, topic_id: name };
        throw isNew ? error : await whatIsMissing(error, await this.client(), place);
      },
    );
    const stream = await this.call('get_stream', { stream_id: target.stream_id });
    const { pairs = [], value: after } = topicResult(value, stream?.id ?? 0);
    const change = { action, target: label, changed: true, text: '', id: value.id, after, raw };
    this.out.object({ ...changeResult(change), pairs });
  }
}
