import { BaseCommand } from '../../cli/base-command.js';
import { findPlaces } from '../../cli/config/places.js';

export default class ConfigPath extends BaseCommand<typeof ConfigPath> {
  static override summary = 'Print where the config file is, or would be.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'config';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    const path = findPlaces(process.env, this.flags.config).configFile;
    this.out.object({ kind: 'config', value: { path, entries: [] }, text: path, name: path });
  }
}
