import { BaseCommand } from '../../cli/base-command.js';
import { configEntries } from '../../cli/context/config-entries.js';
import { renderTable } from '../../render/index.js';

export default class ConfigShow extends BaseCommand<typeof ConfigShow> {
  static override summary = 'Show every setting that is in force, and where it comes from.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'config';

  protected override async execute(): Promise<void> {
    const entries = configEntries(this.settings);
    const columns = [
      { key: 'key', title: 'Key' },
      { key: 'value', title: 'Value' },
      { key: 'origin', title: 'Origin' },
    ];
    const text = renderTable(columns, entries, this.out.options);
    this.out.object({ kind: 'config', value: { path: this.settings.config.path, entries }, text });
  }
}
