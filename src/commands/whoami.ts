import { ServerCommand } from '../cli/server-command.js';
import { permissionFields, permissionSummary } from '../cli/user/permission-view.js';

export default class Whoami extends ServerCommand<typeof Whoami> {
  static override summary = 'Show who is logged in, how, and what they may do.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'whoami';

  protected override async execute(): Promise<void> {
    const client = await this.client();
    const userId = client.session.userId ?? 0;
    const user = await this.call('get_user', { user_id: userId });
    const { userStatusName } = await import('../cli/user/status-name.js');
    const status = user === null ? 'unknown' : userStatusName(user.status);
    const found = this.credentials;
    const name = user?.username ?? '';
    this.out.object({
      kind: 'whoami',
      name,
      value: {
        ...{ user: name, user_id: userId, status },
        ...{ auth_method: found?.method ?? '', source: found?.source ?? '' },
        permissions: permissionFields(user?.permissions ?? null),
      },
      pairs: [
        { label: 'Username', value: name },
        { label: 'User ID', value: userId },
        { label: 'Status', value: status },
        { label: 'Permissions', value: permissionSummary(user?.permissions ?? null) },
        { label: 'Auth method', value: found?.method },
        { label: 'Source', value: found?.origin },
      ],
    });
  }
}
