import { mutationFlags } from '../../../cli/flags.js';
import { PermissionCommand, permissionArgs } from '../../../cli/user/permission-command.js';

export default class UserPermissionsClear extends PermissionCommand<typeof UserPermissionsClear> {
  static override summary = 'Take all permissions from a user.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bob --yes',
    '<%= config.bin %> <%= command.id %> bob --dry-run',
  ];
  static override resultKind = 'change';
  static override args = permissionArgs;
  static override flags = { ...mutationFlags };

  protected override async execute(): Promise<void> {
    await this.change(this.args.user, 'clear');
  }
}
