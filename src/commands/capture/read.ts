import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { captureFileArg, captureFlags } from '../../cli/capture/capture-flags.js';
import { FramePrinter } from '../../cli/capture/frame-printer.js';
import { readCapture } from '../../cli/capture/read-capture.js';

export default class CaptureRead extends BaseCommand<typeof CaptureRead> {
  static override summary = 'List the frames of a capture, a line each.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> traffic.pcap --filter "command=Request"',
    'tcpdump -w - port 8090 | <%= config.bin %> <%= command.id %> -',
  ];
  static override resultKind = 'proxy.frame';
  static override usesSettings = false;
  static override stopsItself = true;
  static override args = { file: Args.string(captureFileArg) };
  static override flags = {
    ...captureFlags,
    pair: Flags.boolean({ summary: 'One line for a request and its reply.' }),
    body: Flags.boolean({ summary: 'Bodies in JSON.', default: true, allowNo: true }),
    'show-secrets': Flags.boolean({ summary: 'Show passwords and tokens.' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const printer = new FramePrinter({
      ...{ out: this.out, kind: 'proxy.frame', showSecrets: flags['show-secrets'] },
      ...{ withBody: flags.body, pair: flags.pair },
    });
    const counts = await readCapture(
      this.args.file,
      { filter: flags.filter, ports: flags.port, signal: this.signal },
      printer,
    );
    if (counts.malformed > 0) this.exitWith('malformed');
    else if (counts.partialBytes > 0) this.exitWith('incomplete');
  }
}
