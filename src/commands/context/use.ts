import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { previousContext, useContext } from '../../cli/context/change-contexts.js';
import { changeResult } from '../../cli/output/change.js';

export default class ContextUse extends BaseCommand<typeof ContextUse> {
  static override summary = 'Make a context the active one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> local-dev',
    '<%= config.bin %> <%= command.id %> -',
  ];
  static override resultKind = 'change';
  static override args = {
    name: Args.string({ required: true, description: 'Its name, or - for the previous one.' }),
  };

  protected override async execute(): Promise<void> {
    const { name } = this.args;
    const target = name === '-' ? previousContext(this.settings) : name;
    const changed = this.settings.config.currentContext !== target;
    useContext(this.settings, target);
    const text = `the active context is ${target}`;
    this.out.object(changeResult({ action: 'context.use', target, changed, text }));
  }
}
