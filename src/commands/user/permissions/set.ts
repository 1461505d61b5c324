import {
  PermissionCommand,
  permissionArgs,
  permissionFlags,
  permissionShorts,
} from '../../../cli/user/permission-command.js';

export default class UserPermissionsSet extends PermissionCommand<typeof UserPermissionsSet> {
  static override summary = 'Replace all permissions of a user.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob --global read_streams,send_messages',
    '<%= config.bin %> <%= command.id %> bob --stream "shop:read_stream#orders:poll_messages"',
  ];
  static override resultKind = 'change';
  static override oldShorts = permissionShorts;
  static override args = permissionArgs;
  static override flags = permissionFlags;

  protected override async execute(): Promise<void> {
    await this.change(this.args.user, 'set');
  }
}
