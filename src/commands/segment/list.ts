import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { CliError, usageError } from '../../cli/cli-error.js';
import { listFlags } from '../../cli/flags.js';
import { listSegments, nodeDirectory } from '../../cli/segment/segment-files.js';
import { refuseMore, takePartition, topicArgs } from '../../cli/topic/topic-target.js';

export default class SegmentList extends BaseCommand<typeof SegmentList> {
  static override summary = 'List the segments of a partition, from the files of a node.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 0 0 0 --data-dir data/node-0',
    '<%= config.bin %> <%= command.id %> 0/0/0 --data-dir data --json',
  ];
  static override resultKind = 'segment.list';
  static override strict = false;
  static override args = {
    ...topicArgs,
    partition: Args.string({ description: 'Partition.' }),
  };
  static override flags = {
    ...listFlags,
    'data-dir': Flags.string({
      summary: 'Data directory of a node, or of a local cluster (then --node chooses).',
      helpValue: 'DIR',
    }),
  };

  protected override execute(): Promise<void> {
    const { target, partition, rest } = takePartition(this.words);
    refuseMore(rest);
    const dir = this.flags['data-dir'];
    if (dir === undefined) {
      throw new CliError('E_UNSUPPORTED', 'a server gives no list of its segments', {
        hint: 'add --data-dir DIR to read the files of a node; partition list shows their number',
      });
    }
    const { stream_id: streamId, topic_id: topicId } = target;
    if (typeof streamId !== 'number' || typeof topicId !== 'number') {
      throw usageError('files are known by ids: give stream and topic as numbers');
    }
    const items = listSegments(nodeDirectory(dir, this.flags.node), {
      ...{ streamId, topicId, partition },
    });
    this.out.list({
      kind: 'segment',
      items,
      columns: [
        { key: 'start_offset', title: 'Start', align: 'right' },
        { key: 'end_offset', title: 'End', align: 'right' },
        { key: 'messages_count', title: 'Messages', align: 'right' },
        { key: 'size_bytes', title: 'Size', align: 'right' },
        { key: 'sealed', title: 'Sealed' },
        { key: 'file', title: 'File' },
      ],
      nameKey: 'file',
      empty: 'no segments',
    });
    return Promise.resolve();
  }
}
