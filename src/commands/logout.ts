import { Flags } from '@oclif/core';
import { isRefusedLogin } from '../cli/connect/login-errors.js';
import { StoredLogin } from '../cli/connect/stored-login.js';
import { reportOf } from '../cli/output/report-error.js';
import { ServerCommand } from '../cli/server-command.js';

export default class Logout extends ServerCommand<typeof Logout> {
  static override summary = 'Revoke the token of the last login and forget it here.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all --local-only',
  ];
  static override resultKind = 'logout';
  static override flags = {
    all: Flags.boolean({ summary: 'All logins on this machine, of every context.' }),
    'local-only': Flags.boolean({ summary: 'Only forget it here; works without a server.' }),
  };

  protected override async execute(): Promise<void> {
    const logins = this.flags.all
      ? StoredLogin.all(this.settings)
      : [new StoredLogin(this.settings)];
    const done: LoggedOut[] = [];
    for (const stored of logins) done.push(await this.#end(stored));
    const ended = done.filter(({ removed }) => removed);
    const value = {
      revoked: ended.length > 0 && ended.every(({ revoked }) => revoked),
      removed_local: ended.length > 0,
      server: ended.length === 0 ? null : ended.map(({ server }) => server).join(' '),
      expires_at: done.length === 1 ? (done[0]?.expiresAt ?? null) : null,
    };
    const many = ended.length > 1 ? ` of ${ended.length} logins` : '';
    const text = ended.length > 0 ? `logged out${many}` : 'there was no login';
    this.out.object({ kind: 'logout', value, text });
  }

  /** Revokes the token where it was made, and forgets it here in any case. */
  async #end(stored: StoredLogin): Promise<LoggedOut> {
    const { record } = stored;
    const token = await stored.token();
    const server = record?.servers.join(',') ?? null;
    const expiresAt = record?.expires_at ?? null;
    let revoked = false;
    let failure: unknown;
    if (record !== undefined && token !== undefined && !this.flags['local-only']) {
      try {
        const credentials = {
          ...{ method: 'token' as const, token, source: 'stored', origin: 'stored login' },
        };
        const client = await this.openClient({ credentials, servers: record.servers });
        await client.call('delete_personal_access_token', { name: record.token_name });
        revoked = true;
      } catch (error) {
        if (!isRefusedLogin(error)) failure = error;
      }
    }
    const removed = await stored.remove();
    if (failure !== undefined) {
      const { message, exit_code: status } = reportOf(failure);
      const end = expiresAt === null ? 'until it is deleted there' : `until ${expiresAt}`;
      this.warning(`${message}; the token was removed here, but lives on the server ${end}`);
      this.exitWith(status);
    }
    return { removed, revoked, server, expiresAt };
  }
}

interface LoggedOut {
  readonly removed: boolean;
  readonly revoked: boolean;
  readonly server: string | null;
  readonly expiresAt: string | null;
}
