import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { usageError } from '../../cli/cli-error.js';
import { configEntries } from '../../cli/context/config-entries.js';
import { nearest } from '../../cli/nearest.js';

export default class ConfigGet extends BaseCommand<typeof ConfigGet> {
  static override summary = 'Print one setting.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> timeout',
    '<%= config.bin %> <%= command.id %> server --json',
  ];
  static override resultKind = 'config';
  static override args = { key: Args.string({ required: true, description: 'Its key.' }) };

  protected override async execute(): Promise<void> {
    const all = configEntries(this.settings);
    const wanted = this.args.key.replace(/^defaults\./, '');
    const entry = all.find(({ key }) => key === wanted);
    if (entry === undefined) {
      const near = nearest(
        wanted,
        all.map(({ key }) => key),
      );
      const hint = near === undefined ? 'iggyctl config show' : `did you mean ${near}?`;
      throw usageError(`there is no setting ${this.args.key}`, hint);
    }
    const value = { path: this.settings.config.path, entries: [entry] };
    this.out.object({ kind: 'config', value, text: entry.value ?? '', name: entry.value ?? '' });
  }
}
