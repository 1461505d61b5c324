import { Flags } from '@oclif/core';
import { CliError } from '../../cli/cli-error.js';
import { isRefusedLogin, refusedLogin } from '../../cli/connect/login-errors.js';
import type { LoginRecord } from '../../cli/connect/login-record.js';
import { observe, type SessionFacts, sessionResult } from '../../cli/connect/session-view.js';
import { StoredLogin } from '../../cli/connect/stored-login.js';
import { ServerCommand } from '../../cli/server-command.js';

export default class SessionShow extends ServerCommand<typeof SessionShow> {
  static override summary = 'Register a session with the stored token and show it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --offline --json',
  ];
  static override resultKind = 'session';
  static override flags = {
    offline: Flags.boolean({ summary: 'Show the record of the last login; no network.' }),
  };

  protected override async execute(): Promise<void> {
    const stored = new StoredLogin(this.settings);
    const { record } = stored;
    if (record === undefined) {
      throw new CliError('E_NOT_FOUND', 'no login is stored for this context and server', {
        hint: 'iggyctl login',
      });
    }
    if (this.flags.offline) return this.#print(record, 'unknown', record, record.expires_at);
    const token = await stored.token();
    if (token === undefined) {
      throw new CliError('E_NO_CREDENTIALS', 'the stored token is gone', { hint: 'iggyctl login' });
    }
    const found = { ...{ method: 'token' as const, token }, source: 'stored', origin: 'login' };
    try {
      const client = await this.client({ credentials: found });
      const { settings } = this;
      const seen = await observe(client, settings.contextName.value, settings.servers);
      const known = await stored.known(client);
      this.#print(seen, 'yes', record, known?.expiresAt ?? record.expires_at);
    } catch (error) {
      if (!isRefusedLogin(error)) throw error;
      this.notice('Verified  expired');
      throw refusedLogin(error, 'iggyctl login');
    }
  }

  #print(
    seen: Parameters<typeof sessionResult>[0],
    verified: SessionFacts['verified'],
    { store }: LoginRecord,
    expiresAt: string | null,
  ): void {
    const facts = { authMethod: 'token', source: 'stored', verified, alreadyLoggedIn: true, store };
    this.out.object(sessionResult(seen, facts, expiresAt));
  }
}
