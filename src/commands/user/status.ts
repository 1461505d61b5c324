import { Args } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { parseIdentifier } from '../../cli/values.js';
import { userStatuses } from '../../wire/index.js';

export default class UserStatus extends ServerCommand<typeof UserStatus> {
  static override summary = 'Let a user log in, or not; inactive ends its sessions.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob inactive',
    '<%= config.bin %> <%= command.id %> bob active --json',
  ];
  static override resultKind = 'change';
  static override args = {
    user: Args.string({ required: true, description: 'User, by name or id.' }),
    status: Args.string({
      required: true,
      description: 'active or inactive.',
      options: Object.keys(userStatuses),
    }),
  };
  static override flags = { ...mutationFlags };

  protected override async execute(): Promise<void> {
    const { user, status } = this.args;
    const user_id = parseIdentifier(user, 'USER');
    const code = status === 'active' ? userStatuses.active : userStatuses.inactive;
    const request = { user_id, username: null, status: code, options: [] };
    const { raw } = await this.mutate('update_user', request);
    const text = `user ${user} is ${status} now`;
    const change = { action: 'user.status', target: user, changed: true, text, after: { status } };
    this.out.object(changeResult({ ...change, raw }));
  }
}
