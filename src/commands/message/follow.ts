import { Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { openExport } from '../../cli/message/export-file.js';
import { type FollowedMessage, follow } from '../../cli/message/follower.js';
import { MessagePrinter } from '../../cli/message/message-printer.js';
import { readerFlags, readerShorts, startFlags } from '../../cli/message/read-plan.js';
import { followStart } from '../../cli/message/read-start.js';
import { StopWatch } from '../../cli/message/stop-rules.js';
import { ServerCommand } from '../../cli/server-command.js';
import { parseTime } from '../../cli/times.js';
import {
  parsePartition,
  refuseMore,
  type TopicTarget,
  takeTopic,
  topicArgs,
} from '../../cli/topic/topic-target.js';
import { parseDuration, parseIdentifier } from '../../cli/values.js';

export default class MessageFollow extends ServerCommand<typeof MessageFollow> {
  static override summary = 'Print messages as they come, until Ctrl-C.';
  static override description =
    'Without a start only new messages are shown; a group goes on after its stored offset. ' +
    'Offsets are stored with --commit only.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders --from first --exit-at-end',
    '<%= config.bin %> <%= command.id %> shop/orders -g workers --commit --json --idle-exit 1s',
  ];
  static override resultKind = 'message';
  static override strict = false;
  static override stopsItself = true;
  static override oldShorts = readerShorts;
  static override args = topicArgs;
  static override flags = {
    ...readerFlags,
    ...startFlags,
    tail: Flags.integer({
      summary: 'Start with the last N of each partition.',
      helpValue: 'N',
      min: 1,
    }),
    from: Flags.string({ summary: 'Where to start.', helpValue: 'first|last|next|OFFSET|TIME' }),
    until: Flags.string({ summary: 'End at this time.', helpValue: 'TIME' }),
    count: Flags.integer({ char: 'n', summary: 'End after so many messages.', min: 1 }),
    'exit-at-end': Flags.boolean({ summary: 'End when everything was read.' }),
    'idle-exit': Flags.string({ summary: 'End when nothing came for so long.', helpValue: 'DUR' }),
    out: Flags.string({ summary: 'Write to a new file.', helpValue: 'FILE' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const { target, rest } = takeTopic(this.words);
    refuseMore(rest.slice(1));
    const text = rest[0] ?? flags.partition;
    const partition = text === undefined || text === 'all' ? undefined : parsePartition(text);
    if (flags.group !== undefined && partition !== undefined) {
      throw usageError('a group reads its own partitions: leave out the partition');
    }
    const writer = flags.out === undefined ? this.out : this.out.forFile();
    const printer = new MessagePrinter(writer, target, flags);
    const { until, 'idle-exit': idle } = flags;
    const watch = new StopWatch(
      {
        untilMicros: until === undefined ? undefined : parseTime(until, '--until'),
        idleMillis: idle === undefined ? undefined : parseDuration(idle, '--idle-exit') / 1000,
        count: flags.count,
      },
      this.signal,
    );
    this.onEnd(() => watch.end());
    const messages = await this.#messages(target, partition, watch);
    // The file is made after all that can be wrong with the request has been found.
    const file = flags.out === undefined ? undefined : openExport(flags.out, flags.yes);
    let shown = 0;
    try {
      for await (const { partition: from, message } of messages) {
        if (!watch.accepts(message.timestamp)) break;
        const line = printer.line(from, message);
        if (line === undefined) continue;
        if (file === undefined) this.out.raw(line);
        else await file.write(line);
        shown += 1;
        watch.count(shown);
        if (watch.signal.aborted) break;
      }
    } finally {
      // Also behind a failure: what was committed as read is in the file.
      await file?.end();
    }
    this.notice(file === undefined ? `${shown} messages` : `${shown} messages in ${flags.out}`);
  }

  async #messages(
    target: TopicTarget,
    partition: number | undefined,
    watch: StopWatch,
  ): Promise<AsyncIterable<FollowedMessage>> {
    const { group, consumer, commit, 'exit-at-end': exitAtEnd } = this.flags;
    const start = followStart(this.flags);
    const client = await this.client({ heartbeatMillis: 5000 });
    const { signal } = watch;
    watch.begin();
    if (group === undefined) {
      const reader = parseIdentifier(consumer, '--consumer');
      const plan = { target, partition, consumer: reader, commit, exitAtEnd, signal };
      return follow(client, { ...plan, from: start ?? (exitAtEnd ? 'first' : 'now') });
    }
    if (typeof start === 'object' && 'tail' in start) {
      throw usageError('a group goes on from its stored offsets: leave out --tail');
    }
    const members = client.consumer({
      ...{ stream: target.stream_id, topic: target.topic_id, signal },
      ...{ group: parseIdentifier(group, '--group'), from: start ?? 'next', pollMillis: 200 },
      ...{ commit: commit ? 'message' : 'manual', stopAtEnd: exitAtEnd },
      onAssignment: (partitions) =>
        void process.stderr.write(`partitions of this member: ${partitions.join(' ') || 'none'}\n`),
    });
    return asFollowed(members);
  }
}

async function* asFollowed(
  messages: AsyncIterable<FollowedMessage['message'] & { readonly partition: number }>,
): AsyncGenerator<FollowedMessage, void, undefined> {
  for await (const message of messages) yield { partition: message.partition, message };
}
