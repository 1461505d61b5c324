import { ServerCommand } from '../../../cli/server-command.js';
import { permissionArgs } from '../../../cli/user/permission-command.js';
import { rightLines } from '../../../cli/user/permission-view.js';
import { existingUser } from '../../../cli/user/user-lookup.js';
import { userResult } from '../../../cli/user/user-result.js';

export default class UserPermissionsGet extends ServerCommand<typeof UserPermissionsGet> {
  static override summary = 'Show what a user may do, one permission a line.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob',
    '<%= config.bin %> <%= command.id %> bob --json',
  ];
  static override resultKind = 'user';
  static override args = permissionArgs;

  protected override async execute(): Promise<void> {
    const user = await existingUser(await this.client(), this.args.user, this.signal);
    const { kind, value, name } = userResult(user);
    const text = rightLines(user.permissions).join('\n') || 'no permissions';
    this.out.object({ kind, value, name, text });
  }
}
