import { Flags } from '@oclif/core';
import { CliError } from '../cli/cli-error.js';
import { parseClientId } from '../cli/connect/client-id.js';
import { type FoundCredentials, findCredentials } from '../cli/connect/credentials.js';
import { isRefusedLogin, refusedLogin } from '../cli/connect/login-errors.js';
import { StoredLogin } from '../cli/connect/stored-login.js';
import { untilAborted } from '../cli/run/until-aborted.js';
import { ServerCommand } from '../cli/server-command.js';
import { parseDuration } from '../cli/values.js';
import type { IggyClient } from '../client/index.js';

const attempts = 3;
const hint =
  'use --password-stdin, --password-file FILE, IGGYCTL_PASSWORD, or the prompt on a terminal';

export default class Login extends ServerCommand<typeof Login> {
  static override summary = 'Log in, register a session, and keep a token for later commands.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --username iggy',
    '<%= config.bin %> <%= command.id %> -u iggy --password-file secret.txt --expiry 8h',
  ];
  static override resultKind = 'session';
  static override stopsItself = true;
  static override flags = {
    expiry: Flags.string({
      summary: 'How long the token is good for, or none.',
      default: '15m',
      helpValue: 'DURATION',
    }),
    save: Flags.boolean({
      summary: 'Keep a token for later commands.',
      default: true,
      allowNo: true,
    }),
    store: Flags.string({ summary: 'Where to keep it.', options: ['keyring', 'file'] }),
    'client-id': Flags.string({ summary: 'Client id to register.', helpValue: 'HEX' }),
    hold: Flags.boolean({ summary: 'Keep the session open until Ctrl-C.' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const { sessionResult, observe } = await import('../cli/connect/session-view.js');
    const expiryMicros =
      flags.expiry === 'none' ? undefined : parseDuration(flags.expiry, '--expiry');
    const stored = new StoredLogin(this.settings);
    const { client, found } = await this.#logIn(stored);
    const { settings } = this;
    const seen = await observe(client, settings.contextName.value, settings.servers);
    const known = stored.record?.user === seen.user ? await stored.known(client) : undefined;
    let record = known === undefined ? undefined : stored.record;
    if (flags.save && record === undefined) {
      const store = flags.store === 'keyring' || flags.store === 'file' ? flags.store : undefined;
      record = await stored.save(client, seen, { expiryMicros, store });
    }
    const facts = {
      ...{ authMethod: found.method, source: found.source, verified: 'yes' as const },
      ...{ alreadyLoggedIn: known !== undefined, store: record?.store ?? null },
    };
    const expiresAt = known === undefined ? (record?.expires_at ?? null) : known.expiresAt;
    if (known !== undefined) this.notice(`already logged in as ${seen.user}`);
    this.out.object(sessionResult(seen, facts, expiresAt));
    if (flags.hold) await this.#hold();
  }

  /** Logs in with what was given, else with the stored token, else with what is typed. */
  async #logIn(stored: StoredLogin): Promise<{ client: IggyClient; found: FoundCredentials }> {
    const { flags, settings, prompt } = this;
    const stays = await this.#withStored(stored);
    if (stays !== undefined) return stays;
    const isAsking = flags.username !== undefined && !(await this.#hasSecret());
    if (isAsking) return await this.#ask(flags.username);
    const found = await findCredentials({ flags, settings, prompt, useStored: false });
    if (found !== undefined) return { client: await this.#open(found), found };
    return await this.#ask(undefined);
  }

  /** The stored login is enough unless other credentials or another user are given. */
  async #withStored(stored: StoredLogin) {
    const { username } = this.flags;
    const token = await stored.token();
    if (token === undefined || (await this.#hasSecret())) return undefined;
    if (username !== undefined && username !== stored.record?.user) return undefined;
    const found: FoundCredentials = {
      ...{ method: 'token', token, source: 'stored', origin: 'stored login' },
    };
    try {
      return { client: await this.#open(found), found };
    } catch (error) {
      if (!isRefusedLogin(error)) throw error;
      await stored.remove();
      return undefined;
    }
  }

  /** True when flags, variables or the context hold credentials, so that nothing must be typed. */
  async #hasSecret(): Promise<boolean> {
    const { flags, settings } = this;
    const named = ['password-stdin', 'password-file', 'token-stdin', 'token-file', 'token-name'];
    const given: Readonly<Record<string, unknown>> = flags;
    if (named.some((name) => given[name] !== undefined && given[name] !== false)) return true;
    const variables = ['IGGYCTL_TOKEN', 'IGGYCTL_PASSWORD', 'IGGY_PASSWORD'];
    if (variables.some((name) => (settings.env[name] ?? '') !== '')) return true;
    const { context } = settings;
    const isOther = flags.username !== undefined && flags.username !== context['username'];
    return !isOther && (context['auth.password'] ?? context['auth.token']) !== undefined;
  }

  async #ask(username: string | undefined) {
    const { prompt } = this;
    if (!prompt.isPossible) {
      throw new CliError('E_NO_CREDENTIALS', 'there are no credentials and nobody to ask', {
        hint,
      });
    }
    const user = username ?? (await prompt.text('User name:'));
    for (let attempt = 1; ; attempt++) {
      const password = await prompt.secret('Password:');
      const found: FoundCredentials = {
        ...{ method: 'password', username: user, password, source: 'prompt', origin: 'prompt' },
      };
      try {
        return { client: await this.openClient({ credentials: found }), found };
      } catch (error) {
        if (!isRefusedLogin(error)) throw error;
        if (attempt === attempts) throw refusedLogin(error, hint);
        process.stderr.write('that was not accepted; try again\n');
      }
    }
  }

  async #open(found: FoundCredentials): Promise<IggyClient> {
    const id = this.flags['client-id'];
    const clientId = id === undefined ? undefined : parseClientId(id);
    if (clientId !== undefined) this.warning('other holders of this client id are fenced');
    try {
      return await this.openClient({ credentials: found, clientId });
    } catch (error) {
      if (!isRefusedLogin(error) || found.source === 'stored') throw error;
      throw refusedLogin(error, hint);
    }
  }

  async #hold(): Promise<void> {
    this.notice('the session is open; Ctrl-C ends it');
    await untilAborted(this.signal);
  }
}
