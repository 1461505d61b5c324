import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { usageError } from '../../cli/cli-error.js';
import { changeDefaults } from '../../cli/config/config-file.js';
import { defaultKeys } from '../../cli/config/schema.js';
import { nearest } from '../../cli/nearest.js';
import { changeResult } from '../../cli/output/change.js';

export default class ConfigSet extends BaseCommand<typeof ConfigSet> {
  static override summary = 'Set a default that holds for every context.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> timeout 10s',
    '<%= config.bin %> <%= command.id %> output json',
  ];
  static override resultKind = 'change';
  static override args = {
    key: Args.string({ required: true, description: 'Its key.' }),
    value: Args.string({ required: true, description: 'Its value.' }),
  };

  protected override async execute(): Promise<void> {
    const { value } = this.args;
    const key = this.args.key.replace(/^defaults\./, '');
    const known = Object.keys(defaultKeys);
    if (!known.includes(key)) {
      const near = nearest(key, known);
      throw usageError(
        `there is no default ${key}; ${near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`}`,
      );
    }
    changeDefaults(this.settings.places.configFile, key, value);
    const text = `${key} is ${value} by default`;
    this.out.object(changeResult({ action: 'config.set', target: key, changed: true, text }));
  }
}
