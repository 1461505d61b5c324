import { Args, Flags } from '@oclif/core';
import { CliError } from '../../cli/cli-error.js';
import { parseClientId } from '../../cli/connect/client-id.js';
import { exitClassOfEviction, exitClassOfServerCode } from '../../cli/exit-codes.js';
import { sealed } from '../../cli/request/corruptions.js';
import { rawBytes } from '../../cli/request/raw-bytes.js';
import { exchangeRaw, firstServer } from '../../cli/request/raw-exchange.js';
import { ServerCommand } from '../../cli/server-command.js';
import { answerText, type RawAnswer } from '../../cli/session/raw-answer.js';
import { RawLink } from '../../cli/session/raw-link.js';
import { RawSession } from '../../cli/session/raw-session.js';
import { rawOptionsOf, rawTargetOf } from '../../cli/session/raw-target.js';
import { parseDuration } from '../../cli/values.js';

export default class RequestRaw extends ServerCommand<typeof RequestRaw> {
  static override summary = 'Send bytes as they are, and show what comes back.';
  static override description =
    'Nothing is sent before the bytes, so a session has to be made by them, or with --login.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> frame.hex --seal',
    'cat frame.bin | <%= config.bin %> <%= command.id %> - --login --json',
  ];
  static override resultKind = 'frame|request.raw';
  static override strict = false;
  static override args = {
    bytes: Args.string({ required: true, description: 'Hexadecimal, a file, or - .' }),
  };
  static override flags = {
    seal: Flags.boolean({ summary: 'Make the size and the checksum of the request right first.' }),
    wait: Flags.integer({ summary: 'Frames to wait for.', default: 1, min: 0 }),
    'wait-for': Flags.string({ summary: 'How long at most; the time-out.', helpValue: 'DURATION' }),
    login: Flags.boolean({ summary: 'Register a session on the connection first.' }),
    'client-id': Flags.string({ summary: 'Client id for --login.', helpValue: 'HEX' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const given = rawBytes(this.words);
    const bytes = flags.seal ? sealed(given) : given;
    const { link, limit } = await this.#open();
    const isTimed = flags['wait-for'] !== undefined;
    const millis = isTimed ? parseDuration(flags['wait-for'] ?? '', '--wait-for') / 1000 : limit;
    const frames = isTimed && flags.wait === 1 ? Number.POSITIVE_INFINITY : flags.wait;
    const answers = frames === 0 ? [] : await exchangeRaw(link, bytes, { frames, millis });
    if (frames === 0) link.send(bytes);
    await this.#print(bytes.length, answers, link.isClosed);
    this.#judge(answers, isTimed);
  }

  async #open(): Promise<{ link: RawLink; limit: number }> {
    const { settings, flags } = this;
    const options = rawOptionsOf(settings);
    const limit = options.timeoutMillis ?? 0;
    if (!flags.login) {
      const link = await RawLink.open(firstServer(settings), options);
      this.onEnd(() => link.close());
      return { link, limit };
    }
    const client = await this.openClient();
    const { endpoint, clientId } = client.session;
    const { credentials } = this;
    if (endpoint === undefined || credentials === undefined) {
      throw new CliError('E_FAILED', 'the client is not connected');
    }
    await client.close();
    const id = flags['client-id'] === undefined ? clientId : parseClientId(flags['client-id']);
    const session = await RawSession.connect(rawTargetOf(settings, endpoint, credentials), id);
    this.onEnd(() => session.close());
    await session.login();
    return { link: session.link, limit };
  }

  async #print(sent: number, answers: readonly RawAnswer[], isClosed: boolean): Promise<void> {
    const frames = answers.flatMap(({ frame }) => frame ?? []);
    if (!this.out.options.quiet && frames.length > 0) {
      const { showFrames } = await import('../../cli/connect/dry-run.js');
      const format = this.out.isJson ? 'ndjson' : this.out.options.format;
      await showFrames(frames, { format, color: this.flags.color });
      if (!this.out.isJson) this.out.raw('\n');
    }
    const value = {
      ...{ sent_bytes: sent, closed: isClosed },
      answers: answers.map(({ kind, code, reason }) => ({ answer: kind, code, reason })),
    };
    const said = answers.map(answerText).join(', ') || 'nothing was waited for';
    this.out.event('request.raw', value, `${sent} bytes sent: ${said}`);
  }

  #judge(answers: readonly RawAnswer[], isTimed: boolean): void {
    const last = answers.findLast(({ frame }) => frame !== undefined) ?? answers.at(-1);
    if (last === undefined) return;
    if (last.kind === 'evicted') this.exitWith(exitClassOfEviction(last.code ?? 0));
    else if (last.kind === 'rejected') this.exitWith(exitClassOfServerCode(last.code ?? 0));
    else if (last.kind === 'closed') this.exitWith('unreachable');
    else if (last.kind === 'silence' && !isTimed) this.exitWith('timeout');
  }
}
