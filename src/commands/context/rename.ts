import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import {
  changeContext,
  checkContextName,
  contextExists,
} from '../../cli/context/change-contexts.js';
import { changeResult } from '../../cli/output/change.js';

export default class ContextRename extends BaseCommand<typeof ContextRename> {
  static override summary = 'Give a context another name.';
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
      delete draft.contexts[from];
      if (draft.current_context === from) draft.current_context = to;
    });
    const text = `context ${from} was renamed to ${to}`;
    this.out.object(changeResult({ action: 'context.rename', target: from, changed: true, text }));
  }
}
