import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { exportedContext } from '../../cli/context/export-context.js';

export default class ContextExport extends BaseCommand<typeof ContextExport> {
  static override summary = 'Print a context as TOML, without any secret.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> prod',
    '<%= config.bin %> <%= command.id %> prod > prod.toml',
    '<%= config.bin %> <%= command.id %> prod --json',
  ];
  static override resultKind = 'context.export';
  static override args = { name: Args.string({ required: true, description: 'The context.' }) };

  protected override async execute(): Promise<void> {
    const { name } = this.args;
    const text = exportedContext(this.settings.config, name);
    if (!this.out.isJson) return this.out.raw(text);
    this.out.object({ kind: 'context.export', value: { name, text }, text });
  }
}
