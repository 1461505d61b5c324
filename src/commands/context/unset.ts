import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { changeContext, unsetKey } from '../../cli/context/change-contexts.js';
import { changeResult } from '../../cli/output/change.js';

export default class ContextUnset extends BaseCommand<typeof ContextUnset> {
  static override summary = 'Remove keys from a context.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> prod timeout',
    '<%= config.bin %> <%= command.id %> prod tls.ca tls.server_name',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = {
    name: Args.string({ required: true, description: 'The context.' }),
    keys: Args.string({ required: true, description: 'One or more keys.' }),
  };

  protected override async execute(): Promise<void> {
    const [name = '', ...keys] = this.words;
    changeContext(this.settings, name, (table) => {
      for (const key of keys) unsetKey(table, key);
    });
    const text = `context ${name} was changed`;
    this.out.object(changeResult({ action: 'context.unset', target: name, changed: true, text }));
  }
}
