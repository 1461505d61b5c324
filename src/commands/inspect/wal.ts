import { Args, Flags } from '@oclif/core';
import { InspectCommand, inspectFlags } from '../../cli/inspect/inspect-command.js';
import { inspectWal } from '../../cli/inspect/inspect-wal.js';

export default class InspectWal extends InspectCommand<typeof InspectWal> {
  static override summary = 'List the entries of a journal, ours or an official one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> node-0/metadata/journal.wal',
    '<%= config.bin %> <%= command.id %> node-0/metadata/journal.wal --op 7',
  ];
  static override resultKind = 'inspect.wal.entry';
  static override stopsItself = true;
  static override args = {
    file: Args.string({ required: true, description: 'A journal.wal, or the folder it is in.' }),
  };
  static override flags = {
    ...inspectFlags,
    op: Flags.integer({ summary: 'Show this entry as decode does, body included.', min: 0 }),
    from: Flags.integer({ summary: 'Only from this op on.', min: 0 }),
    to: Flags.integer({ summary: 'Only up to this op.', min: 0 }),
    follow: Flags.boolean({ summary: 'Go on with what is appended, until Ctrl-C.' }),
    verify: Flags.boolean({ summary: 'Show only what is wrong, and a summary.' }),
    frames: Flags.boolean({ summary: 'With --json: also a line for the frame of each batch.' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    this.checkOffline(this.args.file);
    const outcome = await inspectWal(this.args.file, {
      ...{ op: flags.op, from: flags.from ?? 0, to: flags.to ?? Number.POSITIVE_INFINITY },
      ...{ follow: flags.follow, verify: flags.verify, frames: flags.frames },
      ...{ out: this.out, signal: this.signal, color: flags.color },
      notice: (text) => this.notice(text),
    });
    if (outcome !== 'ok') this.exitWith(outcome);
  }
}
