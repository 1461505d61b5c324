import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Args, Flags } from '@oclif/core';
import { captureFileArg, captureFlags } from '../../cli/capture/capture-flags.js';
import { readCapture } from '../../cli/capture/read-capture.js';
import { Replay } from '../../cli/capture/replay-capture.js';
import { CliError, usageError } from '../../cli/cli-error.js';
import { StreamTable } from '../../cli/output/stream-table.js';
import { ServerCommand } from '../../cli/server-command.js';
import { rawTargetOf } from '../../cli/session/raw-target.js';
import { humanDuration } from '../../render/index.js';

export default class CaptureReplay extends ServerCommand<typeof CaptureReplay> {
  static override summary = 'Send the client side of a capture again, in new sessions.';
  static override description =
    'Logins and logouts are made anew; request numbers and sessions are rewritten.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> traffic.pcap --speed 0',
    '<%= config.bin %> <%= command.id %> traffic.pcap --server 127.0.0.1:9000 --json',
  ];
  static override resultKind = 'capture.replay.step|capture.replay';
  static override args = { file: Args.string(captureFileArg) };
  static override flags = {
    ...captureFlags,
    speed: Flags.string({
      summary: '1 = as captured, 10 = ten times as fast, 0 = without pauses.',
      default: '1',
    }),
    'as-is': Flags.boolean({ summary: 'Send the bytes as they were captured.' }),
  };

  protected override async execute(): Promise<void> {
    const { flags, settings } = this;
    const speed = Number(flags.speed);
    if (!(speed >= 0)) throw usageError(`--speed: "${flags.speed}" is not a number from 0 on`);
    const replay = new Replay();
    const choice = { filter: flags.filter, ports: flags.port, signal: this.signal };
    await readCapture(this.args.file, choice, replay);
    const client = await this.openClient({ stdinIsTaken: this.args.file === '-' });
    const { endpoint } = client.session;
    const { credentials } = this;
    if (endpoint === undefined || credentials === undefined) {
      throw new CliError('E_FAILED', 'the client is not connected');
    }
    await client.close();
    const { style, width, noHeader } = this.out.options;
    const table = new StreamTable(
      [
        { title: 'Conn', width: 4, align: 'right' },
        { title: 'Operation', width: 28 },
        { title: 'Latency', width: 9 },
        { title: 'Answer', width: 24 },
      ],
      { style, width, noHeader },
    );
    let [sent, refused] = [0, 0];
    const options = {
      ...{ target: rawTargetOf(settings, endpoint, credentials), asIs: flags['as-is'], speed },
      newClientId: () => BigInt(`0x${randomBytes(16).toString('hex')}`) | 1n,
      wait: async (millis: number) => {
        await sleep(millis, undefined, { signal: this.signal }).catch(() => undefined);
      },
    };
    await replay.run(options, (step) => {
      sent += 1;
      if (step.answer !== 'reply') refused += 1;
      const { connection, operation, answer, latency_us: latency } = step;
      if (this.out.isJson) this.out.event('capture.replay.step', step, '');
      else this.out.raw(table.row([connection, operation, humanDuration(latency), answer]));
    });
    const value = { sent, replies: sent - refused, refused };
    this.out.event('capture.replay', value, `${sent} sent again, ${refused} not answered alike`);
  }
}
