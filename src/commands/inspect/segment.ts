import { Args, Flags } from '@oclif/core';
import { InspectCommand, inspectFlags } from '../../cli/inspect/inspect-command.js';
import { inspectSegment } from '../../cli/inspect/inspect-segment.js';

export default class InspectSegment extends InspectCommand<typeof InspectSegment> {
  static override summary = 'List the batches of a segment file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 00000000000000000000.log',
    '<%= config.bin %> <%= command.id %> 00000000000000000000.log --messages --limit 10',
  ];
  static override resultKind = 'inspect.segment.batch|inspect.segment.message';
  static override args = {
    file: Args.string({ required: true, description: 'A .log file of a partition.' }),
  };
  static override flags = {
    ...inspectFlags,
    messages: Flags.boolean({ summary: 'A line for every message.' }),
  };

  protected override async execute(): Promise<void> {
    this.checkOffline(this.args.file);
    const outcome = inspectSegment(this.args.file, {
      ...{ messages: this.flags.messages, limit: this.flags.limit ?? Number.POSITIVE_INFINITY },
      ...{ out: this.out, isStopped: () => this.signal.aborted },
    });
    if (outcome !== 'ok') this.exitWith(outcome);
  }
}
