import { Args } from '@oclif/core';
import { InspectCommand, inspectFlags } from '../../../cli/inspect/inspect-command.js';
import { indexFields, readIndex } from '../../../cli/inspect/inspect-index.js';
import { StreamTable } from '../../../cli/output/stream-table.js';
import { humanTime } from '../../../render/index.js';

// In a folder of its own: a file called index is the command of its folder.
export default class InspectIndex extends InspectCommand<typeof InspectIndex> {
  static override summary = 'List the entries of a segment index, compared with the segment.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 00000000000000000000.index',
    '<%= config.bin %> <%= command.id %> 00000000000000000000.index --json',
  ];
  static override resultKind = 'inspect.index.entry';
  static override args = {
    file: Args.string({ required: true, description: 'An .index file of a partition.' }),
  };
  static override flags = inspectFlags;

  protected override async execute(): Promise<void> {
    const { file } = this.args;
    this.checkOffline(file);
    const { style, width, noHeader } = this.out.options;
    const table = new StreamTable(
      [
        { title: 'Entry', width: 6, align: 'right' },
        { title: 'Offset', width: 12, align: 'right' },
        { title: 'Position', width: 12, align: 'right' },
        { title: 'Segment', width: 8 },
        { title: 'Timestamp', width: 30 },
      ],
      { style, width, noHeader },
    );
    let bad = 0;
    const cut = readIndex(file, (row) => {
      if (row.warnings.length > 0) bad += 1;
      const { number, offset, position, segment, timestamp } = row;
      if (this.out.isJson) {
        this.out.event('inspect.index.entry', indexFields(file, row), '');
        return;
      }
      const verdict = segment === 'mismatch' ? 'MISMATCH' : segment === 'none' ? null : segment;
      const time = humanTime(timestamp) ?? timestamp;
      this.out.raw(table.row([number, offset, position, verdict, time]));
      for (const text of row.warnings) this.out.raw(table.note(`entry ${number}: ${text}`, 'bad'));
    });
    if (this.out.options.format === 'table') this.out.raw(table.head());
    if (cut > 0) this.warning(`the last ${cut} bytes are no whole entry`);
    if (bad > 0) this.exitWith('malformed');
    else if (cut > 0) this.exitWith('incomplete');
  }
}
