import { Args } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { parseIdentifier } from '../../cli/values.js';

export default class UserRename extends ServerCommand<typeof UserRename> {
  static override summary = 'Give a user another name.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob robert',
    '<%= config.bin %> <%= command.id %> 3 robert --dry-run',
  ];
  static override resultKind = 'change';
  static override args = {
    user: Args.string({ required: true, description: 'User, by name or id.' }),
    name: Args.string({ required: true, description: 'The new name.' }),
  };
  static override flags = { ...mutationFlags };

  protected override async execute(): Promise<void> {
    const { user, name } = this.args;
    const user_id = parseIdentifier(user, 'USER');
    const request = { user_id, username: name, status: null, options: [] };
    const { raw } = await this.mutate('update_user', request);
    const text = `user ${user} is now called "${name}"`;
    const change = { action: 'user.rename', target: user, changed: true, text, after: { name } };
    this.out.object(changeResult({ ...change, raw }));
  }
}
