import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { StoredLogin } from '../../cli/connect/stored-login.js';
import { contextMissing } from '../../cli/context/change-contexts.js';
import { contextFields, originOf, shownValue } from '../../cli/context/context-view.js';
import { renderTable } from '../../render/index.js';

export default class ContextShow extends BaseCommand<typeof ContextShow> {
  static override summary = 'Show a context; secrets are always masked.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> prod --origin',
  ];
  static override resultKind = 'context';
  static override args = {
    name: Args.string({ description: 'The context; the active one if absent.' }),
  };
  static override flags = {
    origin: Flags.boolean({ summary: 'Show where each value comes from.' }),
  };

  protected override async execute(): Promise<void> {
    const { settings } = this;
    const { config } = settings;
    const active = settings.contextName.value;
    const { name = active } = this.args;
    const values = config.contexts.get(name) ?? (name === 'default' ? config.defaults : undefined);
    if (values === undefined) throw contextMissing(name, config.contexts.keys());
    const fields = contextFields(name, values, active);
    const rows = Object.entries(values).map(([key, value]) => ({
      property: key.replace('auth.', ''),
      value: shownValue(key, value),
      origin: originOf(key, value, config),
    }));
    const stored = name === active ? new StoredLogin(settings).record : undefined;
    if (stored !== undefined) {
      rows.push({ property: 'token (login)', value: '********', origin: stored.store });
    }
    const columns = [
      { key: 'property', title: 'Property' },
      { key: 'value', title: 'Value' },
      ...(this.flags.origin ? [{ key: 'origin', title: 'Origin' }] : []),
    ];
    const shown = [{ property: 'name', value: name, origin: config.path }, ...rows];
    const origins = Object.fromEntries(
      rows.filter(({ value }) => value !== '********').map((row) => [row.property, row.origin]),
    );
    this.out.object({
      kind: 'context',
      name,
      value: this.flags.origin ? { ...fields, origins } : fields,
      text: renderTable(columns, shown, this.out.options),
    });
  }
}
