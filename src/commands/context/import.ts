import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { usageError } from '../../cli/cli-error.js';
import { changeConfigFile } from '../../cli/config/config-file.js';
import { contextExists } from '../../cli/context/change-contexts.js';
import { importedContexts } from '../../cli/context/export-context.js';
import { readOfficialContexts } from '../../cli/context/official-contexts.js';
import { changeResult } from '../../cli/output/change.js';
import { openStore } from '../../cli/secrets/store.js';

type Tables = Parameters<Parameters<typeof changeConfigFile>[1]>[0]['contexts'];

export default class ContextImport extends BaseCommand<typeof ContextImport> {
  static override summary =
    'Take over contexts of an exported file or of the official command line.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> prod.toml',
    '<%= config.bin %> <%= command.id %> --from-iggy',
  ];
  static override resultKind = 'change';
  static override args = { file: Args.string({ description: 'A file of context export.' }) };
  static override flags = {
    'from-iggy': Flags.boolean({ summary: 'Read contexts.toml of IGGY_HOME.' }),
    force: Flags.boolean({ summary: 'Replace contexts of the same name.' }),
  };

  protected override async execute(): Promise<void> {
    const { file } = this.args;
    const isOfficial = this.flags['from-iggy'] === true;
    if ((file === undefined) !== isOfficial) throw usageError('name a file, or use --from-iggy');
    const tables: Tables = isOfficial ? await this.#official() : importedContexts(file ?? '');
    const { configFile } = this.settings.places;
    changeConfigFile(configFile, (draft) => {
      for (const [name, table] of Object.entries(tables)) {
        if (draft.contexts[name] !== undefined && !this.flags.force) throw contextExists(name);
        draft.contexts[name] = table;
      }
    });
    const target = Object.keys(tables).join(', ');
    const text = `contexts taken over: ${target === '' ? 'none' : target}`;
    this.out.object(changeResult({ action: 'context.import', target, changed: true, text }));
  }

  /** Secrets go to the secret store, references to them into the context. */
  async #official(): Promise<Tables> {
    const { path, contexts } = readOfficialContexts(process.env);
    const store = await openStore(this.settings.places.state);
    const tables: Tables = {};
    for (const { name, table, secret } of contexts) {
      tables[name] = table;
      if (secret === undefined) continue;
      const key = `context:${name}`;
      await store.set(key, secret.value);
      tables[name] = { ...table, auth: { [secret.kind]: `keyring://${key}` } };
      this.notice(`the ${secret.kind} of ${name} was moved to the secret store (${store.kind})`);
    }
    this.notice(`${path} was left as it is`);
    return tables;
  }
}
