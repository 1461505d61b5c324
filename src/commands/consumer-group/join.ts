import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { parseClientId } from '../../cli/connect/client-id.js';
import { mutationFlags } from '../../cli/flags.js';
import { assignmentResult } from '../../cli/group/assignment.js';
import { groupArgs, takeGroup } from '../../cli/group/group-target.js';
import { MessagePrinter } from '../../cli/message/message-printer.js';
import { ServerCommand } from '../../cli/server-command.js';
import { whatIsMissing } from '../../cli/topic/topic-lookup.js';
import type { GroupPlace, IggyClient } from '../../client/index.js';

export default class ConsumerGroupJoin extends ServerCommand<typeof ConsumerGroupJoin> {
  static override summary = 'Join a consumer group and show the partitions that fall to it.';
  static override description =
    'A membership lasts as long as its session: without --hold it ends with the command.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> shop orders workers',
    '<%= config.bin %> <%= command.id %> shop/orders workers --json',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override stopsItself = true;
  static override args = groupArgs;
  static override flags = {
    ...mutationFlags,
    hold: Flags.boolean({ summary: 'Stay a member until Ctrl-C, and tell when partitions move.' }),
    poll: Flags.boolean({ summary: 'With --hold: print messages of the own partitions.' }),
    'client-id': Flags.string({ summary: 'Client id to register.', helpValue: 'HEX' }),
  };

  protected override async execute(): Promise<void> {
    const { target, label } = takeGroup(this.words);
    if (this.isDryRun) return void (await this.mutate('join_consumer_group', target));
    const { hold, poll, 'client-id': id } = this.flags;
    const client = await this.client({
      ...(id === undefined ? {} : { clientId: parseClientId(id) }),
      heartbeatMillis: hold || poll ? 2000 : 0,
    });
    const place = { stream: target.stream_id, topic: target.topic_id, group: target.group_id };
    const call = { signal: this.signal };
    try {
      await client.groups.join(place, call);
    } catch (error) {
      throw await whatIsMissing(error, client, { ...target, group: target.group_id });
    }
    this.onEnd(async () => {
      await client.groups.leave(place, { timeoutMillis: 1000 }).catch(() => undefined);
    });
    const assignment = await client.groups.sync(place, call);
    const { generation, partitions = [] } = assignment ?? {};
    const facts = { action: 'consumer_group.join', label, generation, partitions };
    this.out.object(assignmentResult(facts));
    if (hold || poll) await this.#stay(client, place, partitions);
  }

  async #stay(client: IggyClient, place: GroupPlace, first: readonly number[]): Promise<void> {
    const target = { stream_id: place.stream, topic_id: place.topic };
    const printer = new MessagePrinter(this.out, target, { payload: 'auto' });
    let shown = first.join(' ');
    this.notice('a member until Ctrl-C');
    while (!this.signal.aborted) {
      const assignment = await client.groups.sync(place, { signal: this.signal }).catch(() => null);
      const now = assignment?.partitions.join(' ') ?? shown;
      if (now !== shown) process.stderr.write(`partitions of this member: ${now || 'none'}\n`);
      shown = now;
      let isIdle = true;
      if (this.flags.poll && now !== '') {
        const polled = await client.messages
          .poll({ ...place, from: 'next', count: 1000, autoCommit: true }, { signal: this.signal })
          .catch(() => undefined);
        for (const message of polled?.messages ?? []) {
          isIdle = false;
          printer.print(polled?.partitionId ?? 0, message);
        }
      }
      const pauseMillis = isIdle ? 500 : 0;
      await sleep(pauseMillis, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }
}
