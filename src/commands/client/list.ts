import { Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { clientColumns, clientFields } from '../../cli/client/client-view.js';
import { listFlags } from '../../cli/flags.js';
import { ServerCommand } from '../../cli/server-command.js';
import { existingUser } from '../../cli/user/user-lookup.js';

type ClientFields = ReturnType<typeof clientFields>;

export default class ClientList extends ServerCommand<typeof ClientList> {
  static override summary = 'List the clients connected to the node that answers.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --user iggy --group shop/orders/workers --json',
  ];
  static override resultKind = 'client.list';
  /** How this command itself connects is said by the context or `IGGYCTL_TRANSPORT`. */
  static override notSettings = ['transport'];
  static override flags = {
    ...listFlags,
    user: Flags.string({ summary: 'Only of this user, by name or id.' }),
    transport: Flags.string({
      summary: 'Only clients of this transport: tcp, ws, quic or http.',
      aliases: ['via'],
      options: ['tcp', 'ws', 'websocket', 'quic', 'http'],
    }),
    group: Flags.string({
      summary: 'Only members of this consumer group.',
      helpValue: 'STREAM/TOPIC/GROUP',
    }),
  };

  protected override async execute(): Promise<void> {
    const { clients } = await this.call('get_clients', {});
    const user = await this.#user();
    const { transport } = this.flags;
    const via = transport === 'ws' ? 'websocket' : transport;
    const seen = clients
      .map(clientFields)
      .filter(
        (each) =>
          (user === undefined || each.user_id === user) &&
          (via === undefined || each.transport === via),
      );
    this.out.list({
      kind: 'client',
      items: await this.#withGroups(seen),
      columns: clientColumns,
      idKey: 'client_id',
      nameKey: 'client_id',
      empty: 'no clients',
    });
  }

  async #user(): Promise<number | undefined> {
    const { user } = this.flags;
    if (user === undefined) return undefined;
    return (await existingUser(await this.client(), user, this.signal)).id;
  }

  /** The list has no groups: members are asked for one by one. */
  async #withGroups(seen: readonly ClientFields[]): Promise<readonly ClientFields[]> {
    const wanted = await this.#group();
    const whole: ClientFields[] = [];
    for (const each of seen) {
      if (each.consumer_groups_count === 0) {
        if (wanted === undefined) whole.push(each);
        continue;
      }
      const found = await this.call('get_client', { client_id: each.client_id });
      if (found === null) continue;
      const fields = clientFields(found);
      const isMember = fields.consumer_groups.some(
        (group) =>
          group.stream_id === wanted?.stream &&
          group.topic_id === wanted.topic &&
          group.group_id === wanted.group,
      );
      if (wanted === undefined || isMember) whole.push(fields);
    }
    return whole;
  }

  async #group() {
    const { group: text } = this.flags;
    if (text === undefined) return undefined;
    const parts = text.split('/');
    if (parts.length !== 3) throw usageError(`--group: "${text}" is not STREAM/TOPIC/GROUP`);
    const { existingGroup, takeGroup } = await import('../../cli/group/group-target.js');
    const { existingTopic } = await import('../../cli/topic/topic-lookup.js');
    const { target } = takeGroup(parts);
    const client = await this.client();
    const group = await existingGroup(client, target, this.signal);
    const topic = await existingTopic(client, target, this.signal);
    const stream = await client.streams.get(target.stream_id, { signal: this.signal });
    return { stream: stream?.id, topic: topic.id, group: group.id };
  }
}
