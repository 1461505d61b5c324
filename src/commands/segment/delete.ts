import { Args } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { partitionNotFound } from '../../cli/not-found.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingTopic } from '../../cli/topic/topic-lookup.js';
import { refuseMore, takeCount, takePartition, topicArgs } from '../../cli/topic/topic-target.js';

export default class SegmentDelete extends ServerCommand<typeof SegmentDelete> {
  static override summary = 'Remove the oldest closed segments of a partition.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders 0 2 --yes',
    '<%= config.bin %> <%= command.id %> shop/orders/0 1 --dry-run',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = {
    ...topicArgs,
    partition: Args.string({ description: 'Partition.' }),
    count: Args.string({ description: 'How many segments, 1 to 100000.' }),
  };
  static override flags = { ...mutationFlags };

  protected override async execute(): Promise<void> {
    const { target, partition, label, rest } = takePartition(this.words);
    const count = takeCount(rest[0], 'COUNT', 100_000);
    refuseMore(rest.slice(1));
    let before = null;
    if (!this.isDryRun) {
      before = await this.#figures(target, partition, label);
      await this.confirm(
        `Delete up to ${count} of ${before.segments_count} segments of ${label}, with their messages?`,
      );
    }
    const { raw } = await this.mutate('delete_segments', {
      ...target,
      ...{ partition_id: partition, segments_count: count },
    });
    const after = await this.#figures(target, partition, label);
    const gone = (before?.messages_count ?? 0n) - after.messages_count;
    const was = before?.segments_count ?? 0;
    const changed = was !== after.segments_count;
    const text = `${label} had ${was} segments and has ${after.segments_count} now; ${gone} messages are gone`;
    const change = { action: 'segment.delete', target: label, changed, text, before, after, raw };
    this.out.object(changeResult(change));
  }

  async #figures(
    target: Parameters<typeof existingTopic>[1],
    partition: number,
    label: string,
  ): Promise<{ readonly segments_count: number; readonly messages_count: bigint }> {
    const topic = await existingTopic(await this.client(), target, this.signal);
    const found = topic.partitions.find(({ id }) => id === partition);
    if (found === undefined) throw partitionNotFound(label, target);
    return { segments_count: found.segments_count, messages_count: found.messages_count };
  }
}
