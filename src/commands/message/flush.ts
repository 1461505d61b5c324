import { Args, Flags } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { refuseMore, takePartition, topicArgs } from '../../cli/topic/topic-target.js';

export default class MessageFlush extends ServerCommand<typeof MessageFlush> {
  static override summary = 'Ask a server to write to disk; servers of this protocol refuse it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders 0 --dry-run',
    '<%= config.bin %> <%= command.id %> shop/orders/0 --fsync --dry-run',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override oldShorts = [{ char: 'f', instead: '--fsync' }];
  static override args = { ...topicArgs, partition: Args.string({ description: 'Partition.' }) };
  static override flags = {
    ...mutationFlags,
    fsync: Flags.boolean({ summary: 'And to wait until it is on disk.' }),
  };

  protected override async execute(): Promise<void> {
    const { target, partition, label, rest } = takePartition(this.words);
    refuseMore(rest);
    const { fsync } = this.flags;
    const request = { ...target, partition_id: partition, fsync };
    const { raw } = await this.mutate('flush_unsaved_buffer', request);
    const text = `partition ${label} was flushed`;
    const change = { action: 'message.flush', target: label, changed: true, text, raw };
    this.out.object(changeResult(change));
  }
}
