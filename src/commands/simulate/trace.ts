import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { eventLine, readTrace } from '../../cli/simulate/trace-file.js';

export default class SimulateTrace extends BaseCommand<typeof SimulateTrace> {
  static override summary = 'Show the events of a written trace.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> run.json --node 1',
    '<%= config.bin %> <%= command.id %> run.json --op 12 --format mermaid',
    '<%= config.bin %> <%= command.id %> run.json --op 12 --json',
  ];
  static override args = { file: Args.string({ required: true, description: 'A trace.' }) };
  static override flags = {
    format: Flags.string({
      summary: 'Form of the output.',
      options: ['text', 'ndjson', 'mermaid', 'perfetto'],
      default: 'text',
    }),
    op: Flags.integer({ summary: 'Only what is about this op.', min: 0, helpValue: 'OP' }),
    lane: Flags.string({ summary: 'Only this lane: r0, c3 or -.', helpValue: 'LANE' }),
  };
  static override resultKind = 'simulate.event';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    const { node, lane, format, op } = this.flags;
    const wanted = node === undefined ? lane : `r${node.replace(/^r/, '')}`;
    const events = readTrace(this.args.file).filter(
      (event) =>
        (wanted === undefined || event.r === wanted) && (op === undefined || event.op === op),
    );
    if (this.out.isJson) {
      for (const { n, t, r, k, text, op: about } of events) {
        const fields = { n: BigInt(n), t: BigInt(t), r, k, text };
        const op = about === undefined ? null : BigInt(about);
        this.out.event('simulate.event', { ...fields, op }, '');
      }
      return;
    }
    if (format === 'perfetto') {
      const traceEvents = events.map(({ t, r, k, text }) => ({
        ...{ name: `${k} ${text}`, ph: 'i', s: 't', ts: t * 10_000, pid: 1, tid: r },
      }));
      this.out.raw(`${JSON.stringify({ traceEvents })}\n`);
      return;
    }
    if (format === 'mermaid') this.out.raw('sequenceDiagram\n');
    for (const event of events) {
      const { r, k, text } = event;
      if (format === 'ndjson') this.out.raw(`${JSON.stringify(event)}\n`);
      else if (format === 'text') this.out.raw(eventLine(event));
      else this.out.raw(mermaidLine(r, k, text));
    }
  }
}

function mermaidLine(lane: string, kind: string, text: string): string {
  const [arrow, peer, ...rest] = text.split(' ');
  if (kind === 'send' && arrow === '->') return `  ${lane}->>${peer ?? ''}: ${rest.join(' ')}\n`;
  const isFrame = kind === 'recv' || kind === 'send';
  return isFrame || lane === '-' ? '' : `  Note over ${lane}: ${kind} ${text}\n`;
}
