import { Flags } from '@oclif/core';
import { isRefusedLogin } from '../cli/connect/login-errors.js';
import { StoredLogin } from '../cli/connect/stored-login.js';
import { reportOf } from '../cli/output/report-error.js';
import { ServerCommand } from '../cli/server-command.js';

export default class Logout extends ServerCommand<typeof Logout> {
  static override summary = 'Revoke the token of the last login and forget it here.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --local-only',
  ];
  static override resultKind = 'logout';
  static override flags = {
    'local-only': Flags.boolean({ summary: 'Only forget it here; works without a server.' }),
  };

  protected override async execute(): Promise<void> {
    const stored = new StoredLogin(this.settings);
    const { record } = stored;
    const token = await stored.token();
    let revoked = false;
    let failure: unknown;
    if (record !== undefined && token !== undefined && !this.flags['local-only']) {
      try {
        const credentials = {
          ...{ method: 'token' as const, token, source: 'stored', origin: 'stored login' },
        };
        const client = await this.client({ credentials });
        await client.call('delete_personal_access_token', { name: record.token_name });
        revoked = true;
      } catch (error) {
        if (!isRefusedLogin(error)) failure = error;
      }
    }
    const removed = await stored.remove();
    const until = record?.expires_at ?? null;
    if (failure !== undefined) {
      const { message, exit_code: status } = reportOf(failure);
      const end = until === null ? 'until it is deleted there' : `until ${until}`;
      this.warning(`${message}; the token was removed here, but lives on the server ${end}`);
      this.exitWith(status);
    }
    const value = {
      ...{ revoked, removed_local: removed },
      ...{ server: record?.servers.join(',') ?? null, expires_at: until },
    };
    const text = removed ? 'logged out' : 'there was no login';
    this.out.object({ kind: 'logout', value, text });
  }
}
