import {
  PermissionCommand,
  permissionArgs,
  permissionFlags,
  permissionShorts,
} from '../../../cli/user/permission-command.js';

export default class UserPermissionsAdd extends PermissionCommand<typeof UserPermissionsAdd> {
  static override summary = 'Give a user more permissions.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob --global send_messages',
    '<%= config.bin %> <%= command.id %> bob --stream "shop#orders:poll_messages" --json',
  ];
  static override resultKind = 'change';
  static override oldShorts = permissionShorts;
  static override args = permissionArgs;
  static override flags = permissionFlags;

  protected override async execute(): Promise<void> {
    await this.change(this.args.user, 'add');
  }
}
