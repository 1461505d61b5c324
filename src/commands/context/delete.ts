import { Args, Flags } from '@oclif/core';
import {
  changeContext,
  checkContextName,
  contextMissing,
} from '../../cli/context/change-contexts.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';

export default class ContextDelete extends ServerCommand<typeof ContextDelete> {
  static override summary = 'Delete a context; the built-in one becomes active if it was.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> prod --yes',
    '<%= config.bin %> <%= command.id %> prod --yes --json',
  ];
  static override resultKind = 'change';
  static override args = { name: Args.string({ required: true, description: 'The context.' }) };
  static override flags = {
    'if-exists': Flags.boolean({ summary: 'Succeed when there is none.' }),
  };

  protected override async execute(): Promise<void> {
    const { name } = this.args;
    checkContextName(name);
    const { contexts } = this.settings.config;
    if (!contexts.has(name)) {
      if (!this.flags['if-exists']) throw contextMissing(name, contexts.keys());
      const text = `there is no context ${name}`;
      const nothing = { action: 'context.delete', target: name, changed: false, text };
      return this.out.object(changeResult(nothing));
    }
    await this.confirm(`Delete the context ${name}?`);
    changeContext(this.settings, name, (_table, draft) => {
      delete draft.contexts[name];
      if (draft.current_context === name) delete draft.current_context;
    });
    const text = `context ${name} was deleted`;
    this.out.object(changeResult({ action: 'context.delete', target: name, changed: true, text }));
  }
}
