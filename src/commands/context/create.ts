import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { changeConfigFile } from '../../cli/config/config-file.js';
import {
  activate,
  checkContextName,
  contextExists,
  contextMissing,
  setKey,
} from '../../cli/context/change-contexts.js';
import { changeResult } from '../../cli/output/change.js';

export default class ContextCreate extends BaseCommand<typeof ContextCreate> {
  static override summary = 'Make a context of the connection flags that are given.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> prod --server broker.example:8090 --tls --use',
    '<%= config.bin %> <%= command.id %> staging --from prod --server staging.example:8090',
  ];
  static override resultKind = 'change';
  static override args = { name: Args.string({ required: true, description: 'Its name.' }) };
  static override flags = {
    from: Flags.string({ summary: 'Start from another context.', helpValue: 'NAME' }),
    use: Flags.boolean({ summary: 'Make it the active one.' }),
    description: Flags.string({ summary: 'What it is for.' }),
    force: Flags.boolean({ summary: 'Replace one of the same name.' }),
    'if-not-exists': Flags.boolean({
      summary: 'Succeed when there is one already, and leave it as it is.',
      exclusive: ['force'],
    }),
  };

  protected override async execute(): Promise<void> {
    const { name } = this.args;
    const { flags } = this;
    checkContextName(name);
    if (flags['if-not-exists'] && this.settings.config.contexts.has(name)) {
      if (flags.use) {
        changeConfigFile(this.settings.places.configFile, (draft) => {
          activate(this.settings, draft, name);
        });
      }
      const text = `there is a context ${name} already`;
      const nothing = { action: 'context.create', target: name, changed: false, text };
      return this.out.object(changeResult(nothing));
    }
    changeConfigFile(this.settings.places.configFile, (draft) => {
      if (draft.contexts[name] !== undefined && !flags.force) throw contextExists(name);
      const base = flags.from === undefined ? {} : draft.contexts[flags.from];
      if (base === undefined) throw contextMissing(flags.from ?? '', Object.keys(draft.contexts));
      const table = { ...base };
      for (const [key, text] of this.#given()) setKey(table, key, text);
      draft.contexts[name] = table;
      if (flags.use) activate(this.settings, draft, name);
    });
    const text = `context ${name} was made${flags.use ? ' and is active' : ''}`;
    this.out.object(changeResult({ action: 'context.create', target: name, changed: true, text }));
  }

  /** The flags that were given, as keys of the file. */
  #given(): readonly (readonly [string, string])[] {
    const { flags } = this;
    const pairs: readonly (readonly [string, string | undefined])[] = [
      ['description', flags.description],
      ['servers', flags.server],
      ['transport', flags.transport],
      ['framing', flags.framing],
      ['consistency', flags.consistency],
      ['timeout', flags.timeout],
      ['output', flags.output],
      ['username', flags.username],
      ['auth.password', reference('file', flags['password-file'])],
      ['auth.token', reference('file', flags['token-file'])],
      ['auth.token', reference('keyring', flags['token-name'])],
      ['tls.enabled', flags.tls ? 'true' : undefined],
      ['tls.ca', flags['tls-ca']],
      ['tls.server_name', flags['tls-server-name']],
      ['tls.insecure', flags['tls-insecure'] ? 'true' : undefined],
    ];
    return pairs.flatMap(([key, text]) => (text === undefined ? [] : [[key, text] as const]));
  }
}

function reference(scheme: string, target: string | undefined): string | undefined {
  return target === undefined ? undefined : `${scheme}://${target}`;
}
