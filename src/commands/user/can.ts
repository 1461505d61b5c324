import { Args } from '@oclif/core';
import { ServerCommand } from '../../cli/server-command.js';
import { actionOf, judge, type Verdict } from '../../cli/user/permission-rules.js';
import { streamId, topicId } from '../../cli/user/permission-source.js';
import { existingUser } from '../../cli/user/user-lookup.js';
import { parseIdentifier } from '../../cli/values.js';
import { commands } from '../../wire/index.js';

export default class UserCan extends ServerCommand<typeof UserCan> {
  static override summary = 'Tell whether a user may do something; ends with 6 if not.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob message.send shop/orders',
    '<%= config.bin %> <%= command.id %> bob stream.create --json',
  ];
  static override resultKind = 'permission';
  static override args = {
    user: Args.string({ required: true, description: 'User, by name or id.' }),
    action: Args.string({ required: true, description: 'Name of request list: message.send.' }),
    target: Args.string({ description: 'STREAM or STREAM/TOPIC.' }),
  };

  protected override async execute(): Promise<void> {
    const { user, action, target } = this.args;
    const key = actionOf(action);
    const client = await this.client();
    const found = await existingUser(client, user, this.signal);
    const scope = await this.#scope(target);
    const verdict: Verdict =
      found.id === 0
        ? { allowed: true, by: 'root may do everything' }
        : judge(key, found.permissions, scope);
    const { dispatchName, permission } = commands[key];
    const where = target === undefined ? '' : ` on ${target}`;
    const text = verdict.allowed
      ? `yes: ${found.username} may ${dispatchName}${where} (${verdict.by})`
      : `no: ${found.username} may not ${dispatchName}${where}; it needs ${permission}`;
    if (!verdict.allowed) this.exitWith('forbidden');
    this.out.object({
      kind: 'permission',
      text,
      name: verdict.allowed ? 'yes' : 'no',
      value: {
        ...{ user: found.username, action: dispatchName, target: target ?? null },
        ...{ allowed: verdict.allowed, by: verdict.by ?? null },
      },
    });
  }

  async #scope(target: string | undefined) {
    if (target === undefined) return {};
    const [streamText = '', topicText] = target.split('/');
    const stream = parseIdentifier(streamText, 'TARGET');
    const id = await streamId(stream, () => this.client());
    if (topicText === undefined) return { streamId: id };
    const topic = parseIdentifier(topicText, 'TARGET');
    return { streamId: id, topicId: await topicId({ stream: id, topic }, () => this.client()) };
  }
}
