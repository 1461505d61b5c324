import { BaseCommand } from '../../cli/base-command.js';
import { storageConstants } from '../../cli/inspect/constants.data.js';
import { humanSize } from '../../render/index.js';

export default class InspectConstants extends BaseCommand<typeof InspectConstants> {
  static override summary = 'List the sizes and limits of the files and frames.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override resultKind = 'inspect.constant.list';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    this.out.list({
      kind: 'inspect.constant',
      items: storageConstants,
      columns: [
        { key: 'name', title: 'Name' },
        {
          key: 'value',
          title: 'Value',
          align: 'right',
          cell: ({ value, unit }) =>
            unit === 'bytes' && value >= 4096 ? humanSize(value) : String(value),
        },
        { key: 'unit', title: 'Unit' },
        { key: 'meaning', title: 'Meaning' },
      ],
    });
  }
}
