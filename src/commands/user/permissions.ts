import {
  PermissionCommand,
  permissionArgs,
  permissionFlags,
  permissionShorts,
} from '../../cli/user/permission-command.js';

export default class UserPermissions extends PermissionCommand<typeof UserPermissions> {
  static override summary = 'Replace the permissions of a user: without any flag by none.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob --global read_streams,send_messages',
    '<%= config.bin %> <%= command.id %> get bob',
  ];
  static override resultKind = 'change';
  static override oldShorts = permissionShorts;
  static override args = permissionArgs;
  static override flags = permissionFlags;

  protected override async execute(): Promise<void> {
    await this.change(this.args.user, 'set');
  }
}
