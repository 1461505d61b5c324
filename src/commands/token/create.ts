import { Args, Flags } from '@oclif/core';
import { CliError, usageError } from '../../cli/cli-error.js';
import { mutationFlags } from '../../cli/flags.js';
import { changeResult } from '../../cli/output/change.js';
import { shortTime, timeOrNull } from '../../cli/output/wire-values.js';
import { Secret } from '../../cli/secrets/secret.js';
import type { SecretStore } from '../../cli/secrets/secret-store.js';
import { openStoreToWrite } from '../../cli/secrets/store.js';
import { ServerCommand } from '../../cli/server-command.js';
import { parseDuration } from '../../cli/values.js';

export default class TokenCreate extends ServerCommand<typeof TokenCreate> {
  static override summary = 'Create a personal access token; its value is shown this once.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ci --expiry 30d --show',
    '<%= config.bin %> <%= command.id %> laptop --store file',
  ];
  static override resultKind = 'token';
  static override strict = false;
  static override oldShorts = [{ char: 's', instead: '--store keyring', when: /^$/ }];
  static override args = {
    name: Args.string({ description: 'Name of the token.' }),
    expiry: Args.string({ description: 'Official order: NAME [EXPIRY].' }),
  };
  static override flags = {
    ...mutationFlags,
    expiry: Flags.string({ summary: 'How long it is good for, or none.', helpValue: 'DUR' }),
    store: Flags.string({
      summary: 'Keep the value for --token-name NAME.',
      options: ['keyring', 'file'],
    }),
    show: Flags.boolean({ summary: 'Print the value also where it is not a terminal.' }),
    'if-not-exists': Flags.boolean({
      summary: 'Succeed when there is one of that name already, whose value stays unknown.',
    }),
  };

  protected override async execute(): Promise<void> {
    const [name, ...words] = this.words;
    if (name === undefined) throw usageError('missing argument NAME of iggyctl token create');
    const expiry = this.#expiry(words);
    const showsValue = this.flags.show || this.flags.quiet || this.out.isTerminal;
    const { store: kind } = this.flags;
    if (!showsValue && kind === undefined && !this.isDryRun) {
      throw new CliError('E_NEEDS_CONFIRMATION', 'the value would be printed to no terminal', {
        hint: 'add --show to print it, or --store file to keep it',
      });
    }
    if (this.flags['if-not-exists'] && !this.isDryRun && (await this.#isThere(name))) return;
    // Opened before the token is made, whose value would be lost if that failed.
    const store = await this.#store(kind);
    const { value } = await this.mutate('create_personal_access_token', {
      name,
      expiry: expiry ?? 0n,
    });
    await store?.set(name, new Secret(value.token));
    const client = await this.client();
    const found = (await client.tokens.list({ signal: this.signal })).find(
      (each) => each.name === name,
    );
    const expiresAt = timeOrNull(found?.expiry_at ?? 0n);
    const shown = showsValue ? { value: value.token } : {};
    this.out.object({
      kind: 'token',
      name: value.token,
      value: {
        ...{ name, expires_at: expiresAt, expired: false, stored: store?.kind ?? null },
        ...shown,
      },
      pairs: [
        { label: 'Name', value: name },
        ...(showsValue ? [{ label: 'Token', value: value.token }] : []),
        { label: 'Expires', value: expiresAt === null ? 'never' : `${shortTime(expiresAt)} UTC` },
        { label: 'Stored', value: store?.kind ?? 'no' },
      ],
    });
  }

  /** True, and said, when there is a token of that name. */
  async #isThere(name: string): Promise<boolean> {
    const tokens = await (await this.client()).tokens.list({ signal: this.signal });
    if (!tokens.some((each) => each.name === name)) return false;
    const text = `token ${name} is there already`;
    const nothing = { action: 'token.create', target: name, changed: false, text };
    this.out.object(changeResult(nothing));
    return true;
  }

  /** Microseconds from now; nothing = never. */
  #expiry(words: readonly string[]): bigint | undefined {
    const positional = words.length === 0 ? undefined : words.join(' ');
    if (positional !== undefined && this.flags.expiry !== undefined) {
      throw usageError('the expiry is given twice');
    }
    const text = this.flags.expiry ?? positional ?? 'none';
    if (['none', 'never', 'unlimited'].includes(text.toLowerCase())) return undefined;
    return BigInt(parseDuration(text, '--expiry'));
  }

  async #store(kind: string | undefined): Promise<SecretStore | undefined> {
    if (kind !== 'keyring' && kind !== 'file') return undefined;
    return await openStoreToWrite(this.settings.places.state, kind);
  }
}
