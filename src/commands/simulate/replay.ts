import { createInterface } from 'node:readline';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { usageError } from '../../cli/cli-error.js';
import { eventFilter } from '../../cli/simulate/event-filter.js';
import { replayed } from '../../cli/simulate/replay.js';
import {
  isRecordingFile,
  replayedFile,
  replayFields,
  replayText,
} from '../../cli/simulate/replay-recording.js';
import { replaySource } from '../../cli/simulate/replay-source.js';
import { stepThrough } from '../../cli/simulate/step-through.js';
import { eventLine } from '../../cli/simulate/trace-file.js';

export default class SimulateReplay extends BaseCommand<typeof SimulateReplay> {
  static override summary = 'Run a seed, a plan, a trace or a recording again and compare.';
  static override description =
    'A trace must give the same events again; a seed or a plan is run twice. A file of cluster up ' +
    '--record is fed to the core again, replica by replica. Ends with 15 when something differs. ' +
    '--until, --break and --step stop on the way and show the replicas.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> fail.json',
    '<%= config.bin %> <%= command.id %> fail.json --break "kind=view && node=r1" --step',
    '<%= config.bin %> <%= command.id %> fail.json --json',
    '<%= config.bin %> <%= command.id %> live.rec',
    '<%= config.bin %> <%= command.id %> live.rec --until 500 --log short',
  ];
  static override args = {
    source: Args.string({
      required: true,
      description: 'Seed, or a file with a plan, trace or recording.',
    }),
  };
  static override flags = {
    until: Flags.integer({
      summary: 'Stop before this tick, or after this input of each replica, and show the replicas.',
      min: 1,
      helpValue: 'TICK',
    }),
    from: Flags.integer({
      summary: 'Show events from this tick, or inputs from this one, on.',
      min: 0,
      helpValue: 'TICK',
    }),
    break: Flags.string({
      summary: 'Stop at the first event that is so, such as op=12 or kind=view && node=r1.',
      helpValue: 'EXPR',
    }),
    step: Flags.boolean({ summary: 'Go on event by event, as lines of standard input say.' }),
    log: Flags.string({ summary: 'Show the events.', options: ['short', 'full'] }),
  };
  static override resultKind = 'simulate.replay|simulate.recording';
  static override usesSettings = false;

  protected override async execute(): Promise<void> {
    if (isRecordingFile(this.args.source)) {
      this.#replayRecording();
      return;
    }
    const { until, from = 0, log, step } = this.flags;
    const stop = this.flags.break;
    const found = replayed(replaySource(this.args.source), {
      from,
      keepsEvents: log !== undefined || step,
      ...(until !== undefined && { until }),
      ...(stop !== undefined && { isStop: eventFilter('--break', stop) }),
    });
    if (log !== undefined && !this.out.isJson) {
      const isShown = (kind: string) => log === 'full' || !frameKinds.has(kind);
      const shown = found.events.filter(({ t, k }) => t >= from && isShown(k));
      for (const event of shown) this.out.raw(eventLine(event));
    }
    const { isSame, expected, result, stopped, states } = found;
    const verdict = isSame ? 'identical' : 'not deterministic';
    this.out.event(
      'simulate.replay',
      {
        identical: isSame,
        expected,
        trace_hash: result.traceHash,
        result: result.result,
        ...(states !== undefined && { states }),
        ...(stopped !== undefined && { stopped: { ...stopped } }),
      },
      [
        ...(stopped === undefined ? [] : [eventLine(stopped).trimEnd()]),
        ...(states ?? []),
        ...(stop !== undefined && stopped === undefined ? ['no event is so'] : []),
        `${verdict}: ${result.traceHash}`,
      ].join('\n'),
    );
    if (step) {
      const lines = createInterface({ input: process.stdin });
      await stepThrough(found.stepped, { lines, write: (text) => this.out.raw(text) });
    }
    if (!isSame) this.exitWith('checkFailed');
  }

  #replayRecording(): void {
    const { until, from = 0, step } = this.flags;
    if (step || this.flags.break !== undefined) {
      throw usageError('--break and --step stop simulations; a recording is stopped with --until');
    }
    const log =
      this.flags.log === 'full' || this.flags.log === 'short' ? this.flags.log : undefined;
    const found = replayedFile(this.args.source, {
      from,
      ...(until !== undefined && { until }),
      ...(log !== undefined && !this.out.isJson && { log }),
      write: (line) => this.out.raw(line),
    });
    const fields = replayFields(found);
    this.out.event('simulate.recording', fields, replayText(found));
    if (!fields.identical) this.exitWith('checkFailed');
  }
}

const frameKinds: ReadonlySet<string> = new Set(['send', 'recv', 'request', 'connection']);
