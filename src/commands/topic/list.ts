import { Args, Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { listFlags } from '../../cli/flags.js';
import { matchesGlob } from '../../cli/glob.js';
import { streamNotFound } from '../../cli/not-found.js';
import { ServerCommand } from '../../cli/server-command.js';
import { topicColumns, topicFields } from '../../cli/topic/topic-result.js';
import { parseIdentifier } from '../../cli/values.js';

export default class TopicList extends ServerCommand<typeof TopicList> {
  static override summary = 'List the topics of a stream, or of all streams.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop',
    '<%= config.bin %> <%= command.id %> --all --json',
  ];
  static override resultKind = 'topic.list';
  static override args = { stream: Args.string({ description: 'Stream, by name or id.' }) };
  static override flags = {
    ...listFlags,
    all: Flags.boolean({ summary: 'The topics of every stream.' }),
    name: Flags.string({ summary: 'Only names that match.', helpValue: 'GLOB' }),
  };

  protected override async execute(): Promise<void> {
    const { name } = this.flags;
    const items = [];
    for (const streamId of await this.#streams()) {
      const { topics } = await this.call('get_topics', { stream_id: streamId });
      items.push(...topics.map((topic) => topicFields(topic, streamId)));
    }
    this.out.list({
      kind: 'topic',
      items: items.filter((each) => name === undefined || matchesGlob(each.name, name)),
      columns: [...this.#streamColumn(), ...topicColumns],
      spare: ['compression', 'max_size_bytes', 'created_at', 'expiry_us'],
      empty: 'no topics',
    });
  }

  async #streams(): Promise<readonly number[]> {
    const { stream } = this.args;
    if (this.flags.all) {
      if (stream !== undefined) throw usageError('either a stream or --all, not both');
      return (await this.call('get_streams', {})).streams.map((each) => each.id);
    }
    if (stream === undefined) throw usageError('a stream is needed', 'or add --all');
    const stream_id = parseIdentifier(stream, 'STREAM');
    const found = await this.call('get_stream', { stream_id });
    if (found === null) throw streamNotFound(stream_id);
    return [found.id];
  }

  #streamColumn() {
    return this.flags.all ? [{ key: 'stream_id', title: 'Stream', align: 'right' as const }] : [];
  }
}
