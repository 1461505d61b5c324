import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { changeableFields, changeTable } from '../../cli/topic/topic-changes.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import { officialSettings, topicSettings } from '../../cli/topic/topic-options.js';
import { takeTopic, topicArgs } from '../../cli/topic/topic-target.js';

export default class TopicUpdate extends ServerCommand<typeof TopicUpdate> {
  static override summary = 'Change the name or the settings of a topic; the rest stays.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders --expiry 7d',
    '<%= config.bin %> <%= command.id %> shop/orders --name orders-2026 --max-size 10GB',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override oldShorts = [{ char: 'm', instead: '--max-size SIZE' }];
  static override args = {
    ...topicArgs,
    rest: Args.string({ description: 'Official order: NAME COMPRESSION [EXPIRY].' }),
  };
  static override flags = {
    ...mutationFlags,
    name: Flags.string({ summary: 'The new name.' }),
    compression: Flags.string({ summary: 'Announced to clients.', options: ['none', 'gzip'] }),
    expiry: Flags.string({ summary: 'Age at which messages may go.', helpValue: 'DUR' }),
    'max-size': Flags.string({
      summary: 'Size at which the oldest go.',
      helpValue: 'SIZE',
      aliases: ['max-topic-size'],
    }),
  };

  protected override async execute(): Promise<void> {
    const { target, label, rest } = takeTopic(this.words);
    const [officialName, ...others] = rest;
    if (officialName !== undefined && this.flags.name !== undefined) {
      throw usageError('the name is given twice');
    }
    const wantedName = this.flags.name ?? officialName;
    const settings = topicSettings(officialSettings(others, this.flags));
    if (wantedName === undefined && Object.keys(settings).length === 0) {
      throw usageError(
        'there is nothing to change',
        'add --name, --compression, --expiry or --max-size',
      );
    }
    const client = await this.client();
    const found = await existingTopic(client, target, this.signal);
    const { topicOptions } = await import('../../client/index.js');
    const { raw } = await this.mutate('update_topic', {
      ...target,
      name: wantedName ?? found.name,
      options: topicOptions(settings),
    });
    const call = { signal: this.signal };
    const stream = await client.streams.get(target.stream_id, call);
    const changed = await existingTopic(
      client,
      { stream_id: stream?.id ?? target.stream_id, topic_id: found.id },
      this.signal,
    );
    const [before, after] = [changeableFields(found), changeableFields(changed)];
    const text = changeTable(before, after, this.out.options) || 'nothing changed';
    const isChanged = text !== 'nothing changed';
    const change = { action: 'topic.update', target: label, changed: isChanged, before, after };
    this.out.object(changeResult({ ...change, text, raw }));
  }
}
