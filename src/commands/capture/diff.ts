import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { captureFileArg, captureFlags } from '../../cli/capture/capture-flags.js';
import { compareCaptures } from '../../cli/capture/compare-captures.js';
import { renderTable } from '../../render/index.js';

export default class CaptureDiff extends BaseCommand<typeof CaptureDiff> {
  static override summary = 'Show the first frame in which two captures differ.';
  static override description = 'Checksums and times differ always, and are not compared.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> before.pcap after.pcap',
    '<%= config.bin %> <%= command.id %> a.pcap b.pcap --filter "command=Request" --json',
  ];
  static override resultKind = 'capture.diff';
  static override usesSettings = false;
  static override args = { a: Args.string(captureFileArg), b: Args.string(captureFileArg) };
  static override flags = {
    ...captureFlags,
    exact: Flags.boolean({ summary: 'Compare checksums and times too.' }),
  };

  protected override async execute(): Promise<void> {
    const { filter, port: ports, exact } = this.flags;
    const paths = [this.args.a, this.args.b] as const;
    const first = await compareCaptures(paths, { filter, ports, signal: this.signal }, exact);
    const { width, style } = this.out.options;
    const value = { equal: first === undefined, first: first === undefined ? null : { ...first } };
    const text =
      first === undefined
        ? 'no difference'
        : [
            `frame ${first.index} differs: ${first.a ?? 'missing'} | ${first.b ?? 'missing'}`,
            '',
            renderTable(
              [
                { key: 'field', title: 'Field' },
                { key: 'a', title: this.args.a },
                { key: 'b', title: this.args.b },
              ],
              first.fields,
              { width, style },
            ),
          ].join('\n');
    this.out.object({ kind: 'capture.diff', value, text });
    if (first !== undefined) this.exitWith('checkFailed');
  }
}
