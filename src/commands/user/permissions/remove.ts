import {
  PermissionCommand,
  permissionArgs,
  permissionFlags,
  permissionShorts,
} from '../../../cli/user/permission-command.js';

export default class UserPermissionsRemove extends PermissionCommand<typeof UserPermissionsRemove> {
  static override summary = 'Take single permissions from a user.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob --global send_messages --yes',
    '<%= config.bin %> <%= command.id %> bob --stream "shop:read_stream" --dry-run',
  ];
  static override resultKind = 'change';
  static override oldShorts = permissionShorts;
  static override args = permissionArgs;
  static override flags = permissionFlags;

  protected override async execute(): Promise<void> {
    await this.change(this.args.user, 'remove');
  }
}
