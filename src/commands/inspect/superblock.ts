import { Args } from '@oclif/core';
import { InspectCommand, inspectFlags } from '../../cli/inspect/inspect-command.js';
import { findSlots, slotFields, winnerOf } from '../../cli/inspect/superblock-slots.js';
import { slotColumns, slotRows } from '../../cli/inspect/superblock-table.js';
import { renderTable } from '../../render/index.js';

export default class InspectSuperblock extends InspectCommand<typeof InspectSuperblock> {
  static override summary = 'Show both slots of a superblock, and which one counts.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> node-0/metadata',
    '<%= config.bin %> <%= command.id %> node-0/metadata/superblock.a --json',
  ];
  static override resultKind = 'inspect.superblock.list';
  static override args = {
    path: Args.string({ required: true, description: 'Folder of a group or node, or one file.' }),
  };
  static override flags = inspectFlags;

  protected override async execute(): Promise<void> {
    const { path } = this.args;
    this.checkOffline(path);
    const slots = findSlots(path);
    const winner = winnerOf(slots);
    if (this.out.options.format === 'table') {
      const { width, style, noHeader } = this.out.options;
      const rows = slotRows(slots, winner);
      this.out.raw(`${renderTable(slotColumns(slots), rows, { width, style, noHeader })}\n`);
    } else {
      this.out.list({
        kind: 'inspect.superblock',
        items: slots.map((slot) => slotFields(slot, winner)),
        nameKey: 'file',
        columns: [
          { key: 'file', title: 'File' },
          { key: 'wins', title: 'Wins' },
          { key: 'checks', title: 'Checks', cell: ({ checks }) => JSON.stringify(checks) },
        ],
      });
    }
    if (slots.some(({ slot }) => slot === undefined)) this.exitWith('malformed');
  }
}
