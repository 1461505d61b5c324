import { BaseCommand } from '../../cli/base-command.js';
import { allContexts, contextColumns } from '../../cli/context/context-view.js';
import { listFlags } from '../../cli/flags.js';

/** What a narrow terminal can do without. */
const spare = ['local_cluster', 'auth', 'transport', 'username'];

export default class ContextList extends BaseCommand<typeof ContextList> {
  static override summary = 'List all contexts.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override flags = { ...listFlags };
  static override resultKind = 'context.list';

  protected override async execute(): Promise<void> {
    const items = allContexts(this.settings);
    this.out.list({ kind: 'context', items, columns: contextColumns, idKey: 'name', spare });
  }
}
