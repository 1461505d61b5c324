import { BaseCommand } from '../../cli/base-command.js';
import { allContexts } from '../../cli/context/context-view.js';

export default class ContextCurrent extends BaseCommand<typeof ContextCurrent> {
  static override summary = 'Print the name of the active context.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'context';

  protected override async execute(): Promise<void> {
    const name = this.settings.contextName.value;
    const value = allContexts(this.settings).find((each) => each.name === name) ?? { name };
    this.out.object({ kind: 'context', value, text: name, name });
  }
}
