import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import {
  changeContext,
  checkContextName,
  contextExists,
} from '../../cli/context/change-contexts.js';
import { changeResult } from '../../cli/output/change.js';

export default class ContextCopy extends BaseCommand<typeof ContextCopy> {
  static override summary = 'Copy a context.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> prod production',
    '<%= config.bin %> <%= command.id %> prod production --json',
  ];
  static override resultKind = 'change';
  static override args = {
    from: Args.string({ required: true, description: 'The context there is.' }),
    to: Args.string({ required: true, description: 'The new name.' }),
  };

  protected override async execute(): Promise<void> {
    const { from, to } = this.args;
    checkContextName(to);
    changeContext(this.settings, from, (table, draft) => {
      if (draft.contexts[to] !== undefined) throw contextExists(to);
      draft.contexts[to] = { ...table };
    });
    const text = `context ${from} was copied to ${to}`;
    this.out.object(changeResult({ action: 'context.copy', target: from, changed: true, text }));
  }
}
