import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { readTrace } from '../../cli/simulate/trace-file.js';

export default class SimulateTrace extends BaseCommand<typeof SimulateTrace> {
  static override summary = 'Show the events of a written trace.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> run.json --node 1',
    '<%= config.bin %> <%= command.id %> run.json --format mermaid',
  ];
  static override args = { file: Args.string({ required: true, description: 'A trace.' }) };
  static override flags = {
    format: Flags.string({
      summary: 'Form of the output.',
      options: ['text', 'ndjson', 'mermaid', 'perfetto'],
      default: 'text',
    }),
    lane: Flags.string({ summary: 'Only this lane: r0, c3 or -.', helpValue: 'LANE' }),
  };
  static override resultKind = 'simulate.event';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    const { node, lane, format } = this.flags;
    const wanted = node === undefined ? lane : `r${node.replace(/^r/, '')}`;
    const events = readTrace(this.args.file).filter(
      ({ r }) => wanted === undefined || r === wanted,
    );
    if (format === 'perfetto') {
      const traceEvents = events.map(({ t, r, k, text }) => ({
        ...{ name: `${k} ${text}`, ph: 'i', s: 't', ts: t * 10_000, pid: 1, tid: r },
      }));
      this.out.raw(`${JSON.stringify({ traceEvents })}\n`);
      return;
    }
    if (format === 'mermaid') this.out.raw('sequenceDiagram\n');
    for (const event of events) {
      const { t, r, k, text } = event;
      if (format === 'ndjson') this.out.raw(`${JSON.stringify(event)}\n`);
      else if (format === 'text') this.out.raw(`${String(t).padStart(7)} ${r} ${k} ${text}\n`);
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
