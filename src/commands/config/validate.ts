import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { CliError } from '../../cli/cli-error.js';
import { readConfigFile } from '../../cli/config/config-file.js';
import { findPlaces } from '../../cli/config/places.js';

export default class ConfigValidate extends BaseCommand<typeof ConfigValidate> {
  static override summary = 'Check a config file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> ./config.toml',
  ];
  static override resultKind = 'config';
  static override usesSettings = false;
  static override args = { file: Args.string({ description: 'The file; the own one if absent.' }) };

  protected override async execute(): Promise<void> {
    const path = this.args.file ?? findPlaces(process.env, this.flags.config).configFile;
    const config = readConfigFile(path);
    if (!config.exists && (this.args.file ?? this.flags.config) !== undefined) {
      throw new CliError('E_CONFIG', `there is no file ${path}`);
    }
    for (const text of config.warnings) this.warning(text);
    const text = config.exists ? `${path} is valid` : `there is no file ${path}`;
    this.out.object({ kind: 'config', value: { path, entries: [] }, text });
  }
}
