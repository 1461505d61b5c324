import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { CliError } from '../../cli/cli-error.js';
import { contextMissing } from '../../cli/context/change-contexts.js';
import { editConfig } from '../../cli/context/edit-config.js';
import { changeResult } from '../../cli/output/change.js';

export default class ContextEdit extends BaseCommand<typeof ContextEdit> {
  static override summary =
    'Edit a copy of the config file in $VISUAL or $EDITOR, then replace it.';
  static override examples = [
    'EDITOR=true <%= config.bin %> <%= command.id %>',
    'VISUAL=true <%= config.bin %> <%= command.id %> prod',
  ];
  static override resultKind = 'change';
  static override args = { name: Args.string({ description: 'The context that must be there.' }) };

  protected override async execute(): Promise<void> {
    const { config } = this.settings;
    const { name } = this.args;
    if (name !== undefined && !config.contexts.has(name)) {
      throw contextMissing(name, config.contexts.keys());
    }
    const editor = process.env['VISUAL'] ?? process.env['EDITOR'] ?? '';
    if (editor === '') {
      throw new CliError('E_NEEDS_CONFIRMATION', 'there is no editor: set VISUAL or EDITOR', {
        hint: 'iggyctl context set NAME KEY=VALUE',
      });
    }
    const changed = editConfig(config.path, editor);
    const text = changed ? `${config.path} was changed` : 'nothing was changed';
    const target = name ?? config.path;
    this.out.object(changeResult({ action: 'context.edit', target, changed, text }));
  }
}
