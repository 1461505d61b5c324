import { Flags } from '@oclif/core';
import { listFlags } from '../../cli/flags.js';
import { matchesGlob } from '../../cli/glob.js';
import { ServerCommand } from '../../cli/server-command.js';
import { userColumns, userFields } from '../../cli/user/user-result.js';

export default class UserList extends ServerCommand<typeof UserList> {
  static override summary = 'List all users.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --name "b*" --json',
  ];
  static override resultKind = 'user.list';
  static override flags = {
    ...listFlags,
    name: Flags.string({ summary: 'Only names that match.', helpValue: 'GLOB' }),
  };

  protected override async execute(): Promise<void> {
    const { users } = await this.call('get_users', {});
    const { name } = this.flags;
    const shown = users.filter((each) => name === undefined || matchesGlob(each.username, name));
    this.out.list({
      kind: 'user',
      items: shown.map(userFields),
      columns: userColumns,
      empty: 'no users',
    });
  }
}
