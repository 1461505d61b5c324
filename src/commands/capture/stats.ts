import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { captureFileArg, captureFlags } from '../../cli/capture/capture-flags.js';
import { CaptureStats as Counter } from '../../cli/capture/capture-stats.js';
import { readCapture } from '../../cli/capture/read-capture.js';
import { humanDuration, humanSize, renderTable } from '../../render/index.js';

export default class CaptureStats extends BaseCommand<typeof CaptureStats> {
  static override summary = 'Count the frames of a capture by kind, with latencies.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> traffic.pcap',
    '<%= config.bin %> <%= command.id %> traffic.pcap --json',
  ];
  static override resultKind = 'capture.stats';
  static override usesSettings = false;
  static override args = { file: Args.string(captureFileArg) };
  static override flags = captureFlags;

  protected override async execute(): Promise<void> {
    const { filter, port: ports } = this.flags;
    const counter = new Counter();
    const counts = await readCapture(
      this.args.file,
      { filter, ports, signal: this.signal },
      counter,
    );
    const [rows, clients] = [counter.rows(), counter.clients()];
    const { width, style } = this.out.options;
    const time = (micros: number | null) => (micros === null ? null : humanDuration(micros));
    const kinds = renderTable(
      [
        { key: 'command', title: 'Command' },
        { key: 'operation', title: 'Operation' },
        { key: 'count', title: 'Count', align: 'right' },
        { key: 'bytes', title: 'Bytes', align: 'right' },
        { key: 'errors', title: 'Errors', align: 'right' },
        { key: 'p50', title: 'p50', align: 'right' },
        { key: 'p99', title: 'p99', align: 'right' },
      ],
      rows.map((row) => ({
        ...{ command: row.command, operation: row.operation, count: row.count },
        ...{ bytes: humanSize(row.bytes), errors: row.errors },
        ...{ p50: time(row.p50_us), p99: time(row.p99_us) },
      })),
      { width, style },
    );
    const top = renderTable(
      [
        { key: 'client_id', title: 'Client' },
        { key: 'frames', title: 'Frames', align: 'right' },
        { key: 'jumps', title: 'Jumps', align: 'right' },
        { key: 'repeats', title: 'Repeats', align: 'right' },
      ],
      clients,
      { width, style },
    );
    const text = clients.length === 0 ? kinds : `${kinds}\n\n${top}`;
    this.out.object({ kind: 'capture.stats', value: { rows, clients }, text });
    if (counts.malformed > 0) this.exitWith('malformed');
  }
}
