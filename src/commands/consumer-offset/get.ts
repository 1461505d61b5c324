import { listFlags } from '../../cli/flags.js';
import { lagOf } from '../../cli/group/group-lag.js';
import { notFound, partitionNotFound } from '../../cli/not-found.js';
import { kindFlag, offsetArgs, placeOf, takeOffset } from '../../cli/offset/offset-target.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import { refuseMore } from '../../cli/topic/topic-target.js';

export default class ConsumerOffsetGet extends ServerCommand<typeof ConsumerOffsetGet> {
  static override summary = 'Show how far a consumer or a group has read.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> billing shop orders 0',
    '<%= config.bin %> <%= command.id %> workers shop/orders -k consumer-group --json',
  ];
  static override resultKind = 'consumer_offset|consumer_offset.list';
  static override strict = false;
  static override args = offsetArgs;
  static override flags = { ...listFlags, ...kindFlag };

  protected override async execute(): Promise<void> {
    const target = takeOffset(this.words, this.flags.kind);
    refuseMore(target.rest);
    const { 'list-mode': listMode } = this.flags;
    const client = await this.client();
    const topic = await existingTopic(client, target.topic, this.signal);
    const wanted = topic.partitions.filter(
      ({ id }) => target.partition === undefined || id === target.partition,
    );
    if (target.partition !== undefined && wanted.length === 0) {
      throw partitionNotFound(`${target.label}/${target.partition}`, target.topic);
    }
    const items = [];
    for (const partition of wanted) {
      const found = await client.offsets.get(placeOf(target, partition.id), {
        signal: this.signal,
      });
      if (found === null) continue;
      items.push({
        ...{ consumer: String(target.consumer), consumer_kind: target.kindName },
        ...{ stream: String(target.topic.stream_id), topic: String(target.topic.topic_id) },
        partition: partition.id,
        current_offset: found.current_offset,
        stored_offset: found.stored_offset,
        lag: lagOf(partition, found.stored_offset),
      });
    }
    const [only] = items;
    if (only === undefined && target.partition !== undefined) {
      const who = `an offset of ${target.isGroup ? 'group' : 'consumer'} ${target.consumer}`;
      const server = { code: 3021, name: 'consumer_offset_not_found' };
      const where = `${target.label}/${target.partition}`;
      throw notFound(
        `${who} in ${where}`,
        server,
        `iggyctl message poll ${where} --next --commit ${target.isGroup ? '--group' : '--consumer'} ${target.consumer}`,
      );
    }
    if (only !== undefined && target.partition !== undefined && listMode === undefined) {
      const { partition, current_offset: current, stored_offset: stored, lag } = only;
      return this.out.object({
        kind: 'consumer_offset',
        value: only,
        name: String(stored),
        pairs: [
          { label: 'Partition', value: partition },
          { label: 'Current', value: current },
          { label: 'Stored', value: stored },
          { label: 'Lag', value: lag },
        ],
      });
    }
    const right = (key: string, title: string) => ({ key, title, align: 'right' as const });
    this.out.list({
      kind: 'consumer_offset',
      items,
      columns: [
        right('partition', 'Partition'),
        right('current_offset', 'Current'),
        right('stored_offset', 'Stored'),
        right('lag', 'Lag'),
      ],
      ...{ nameKey: 'stored_offset', idKey: 'stored_offset', empty: 'no stored offsets' },
    });
  }
}
