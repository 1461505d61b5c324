import { Args, Flags } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { userNotFound } from '../../cli/not-found.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { parseIdentifier } from '../../cli/values.js';

export default class UserDelete extends ServerCommand<typeof UserDelete> {
  static override summary = 'Delete a user with its tokens and sessions.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob --yes',
    '<%= config.bin %> <%= command.id %> bob --dry-run',
  ];
  static override resultKind = 'change';
  static override args = {
    user: Args.string({ required: true, description: 'User, by name or id.' }),
  };
  static override flags = {
    ...mutationFlags,
    'if-exists': Flags.boolean({ summary: 'Succeed when there is no such user.' }),
  };

  protected override async execute(): Promise<void> {
    const user_id = parseIdentifier(this.args.user, 'USER');
    const change = { action: 'user.delete', target: this.args.user };
    if (!this.isDryRun) {
      const found = await this.call('get_user', { user_id });
      if (found === null) {
        if (!this.flags['if-exists']) throw userNotFound(user_id);
        const text = `there is no user ${this.args.user}`;
        return this.out.object(changeResult({ ...change, changed: false, text }));
      }
      await this.confirm(`Delete user "${found.username}" with its tokens and sessions?`);
      const self = (await this.client()).session.userId;
      if (found.id === self) await this.confirm('That is yourself. Delete it all the same?', true);
      if (found.id === 0) await this.confirm('That is the root user. Try it all the same?', true);
    }
    const { raw } = await this.mutate('delete_user', { user_id });
    const text = `user ${this.args.user} was deleted`;
    this.out.object(changeResult({ ...change, changed: true, text, raw }));
  }
}
