import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { usageError } from '../../cli/cli-error.js';
import { changeContext, setKey } from '../../cli/context/change-contexts.js';
import { changeResult } from '../../cli/output/change.js';

export default class ContextSet extends BaseCommand<typeof ContextSet> {
  static override summary = 'Set keys of a context.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> prod timeout=10s',
    '<%= config.bin %> <%= command.id %> prod tls.enabled=true auth.password=env://PROD_PASSWORD',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = {
    name: Args.string({ required: true, description: 'The context.' }),
    pairs: Args.string({ required: true, description: 'KEY=VALUE, one or more.' }),
  };

  protected override async execute(): Promise<void> {
    const [name = '', ...pairs] = this.words;
    changeContext(this.settings, name, (table) => {
      for (const pair of pairs) {
        const at = pair.indexOf('=');
        if (at < 1) throw usageError('write KEY=VALUE');
        setKey(table, pair.slice(0, at), pair.slice(at + 1));
      }
    });
    const text = `context ${name} was changed`;
    this.out.object(changeResult({ action: 'context.set', target: name, changed: true, text }));
  }
}
