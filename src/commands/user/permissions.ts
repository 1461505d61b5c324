import { usageError } from '../../cli/cli-error.js';
import {
  PermissionCommand,
  permissionArgs,
  permissionFlags,
  permissionShorts,
} from '../../cli/user/permission-command.js';

export default class UserPermissions extends PermissionCommand<typeof UserPermissions> {
  static override summary =
    'Replace the permissions of a user; get, set, add, remove, clear below.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob --global read_streams,send_messages',
    '<%= config.bin %> <%= command.id %> get bob',
  ];
  static override resultKind = 'change';
  static override oldShorts = permissionShorts;
  static override args = permissionArgs;
  static override flags = permissionFlags;

  protected override async execute(): Promise<void> {
    const { user } = this.args;
    const { global, stream, file } = this.flags;
    if (global === undefined && stream === undefined && file === undefined) {
      throw usageError(
        'no permissions are given',
        `iggyctl user permissions get ${user}, or clear ${user} to remove all`,
      );
    }
    await this.change(user, 'set');
  }
}
