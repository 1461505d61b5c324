import { Args } from '@oclif/core';
import { userNotFound } from '../../cli/not-found.js';
import { ServerCommand } from '../../cli/server-command.js';
import { userResult } from '../../cli/user/user-result.js';
import { parseIdentifier } from '../../cli/values.js';

export default class UserGet extends ServerCommand<typeof UserGet> {
  static override summary = 'Show one user and what it may do.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> iggy',
    '<%= config.bin %> <%= command.id %> 0 --json',
  ];
  static override resultKind = 'user';
  static override args = {
    user: Args.string({ required: true, description: 'User, by name or id.' }),
  };

  protected override async execute(): Promise<void> {
    const user = parseIdentifier(this.args.user, 'USER');
    const found = await this.call('get_user', { user_id: user });
    if (found === null) throw userNotFound(user);
    this.out.object(userResult(found));
  }
}
