import { Args, Flags } from '@oclif/core';
import { CliError, usageError } from '../../cli/cli-error.js';
import { parseClientId } from '../../cli/connect/client-id.js';
import { requestFrameOf, showFrames } from '../../cli/connect/dry-run.js';
import { mutationFlags } from '../../cli/flags.js';
import { type Corruption, corrupted, corruptions } from '../../cli/request/corruptions.js';
import { findRequest } from '../../cli/request/find-request.js';
import { requestBody } from '../../cli/request/request-body.js';
import { ServerCommand } from '../../cli/server-command.js';
import { answerText, type RawAnswer } from '../../cli/session/raw-answer.js';
import { RawSession } from '../../cli/session/raw-session.js';
import { rawTargetOf } from '../../cli/session/raw-target.js';
import { parseDuration } from '../../cli/values.js';

const silentMillis = 1000;

export default class RequestMutate extends ServerCommand<typeof RequestMutate> {
  static override summary = 'Send a request with one thing wrong, and tell what the server did.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ping --corrupt checksum',
    '<%= config.bin %> <%= command.id %> stream.create name=x --corrupt session --json',
  ];
  static override resultKind = 'request.mutation';
  static override strict = false;
  static override args = {
    name: Args.string({ required: true, description: 'Name or code; see request list.' }),
    fields: Args.string({ description: 'FIELD=VALUE of the body, any number.' }),
  };
  static override flags = {
    ...mutationFlags,
    corrupt: Flags.string({ summary: 'What to make wrong.', options: [...corruptions] }),
    truncate: Flags.integer({ summary: 'Send only so many bytes of the frame.', min: 1 }),
    'body-hex': Flags.string({ summary: 'The body in hexadecimal.', helpValue: 'HEX' }),
    'body-file': Flags.string({ summary: 'The body as the bytes of a file.', helpValue: 'FILE' }),
    'body-json': Flags.string({ summary: 'The body as JSON.', helpValue: 'FILE' }),
    'client-id': Flags.string({ summary: 'Client id of the session.', helpValue: 'HEX' }),
    'wait-for': Flags.string({
      summary: 'How long silence is waited for.',
      default: '1s',
      helpValue: 'DURATION',
    }),
    'expect-status': Flags.integer({ summary: 'Status that the server must answer with.' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const how = flags.corrupt;
    if (how === undefined && flags.truncate === undefined) {
      throw usageError('say what to make wrong: --corrupt NAME or --truncate BYTES');
    }
    const [name = '', ...pairs] = this.words;
    const spec = findRequest(name);
    const body = requestBody(spec, pairs, {
      ...{ hex: flags['body-hex'], file: flags['body-file'], json: flags['body-json'] },
    });
    const build = (clientId: bigint, session: bigint) => {
      const frame = requestFrameOf({ code: spec.code, body, clientId, session });
      const spoilt = how === undefined ? frame : corrupted(frame, how);
      return spoilt.subarray(0, flags.truncate ?? spoilt.length);
    };
    if (flags['dry-run']) {
      const { format } = this.out.options;
      await showFrames([build(1n, 1n)], { format, color: flags.color });
      return;
    }
    const session = await this.#session();
    const bytes = build(session.clientId, session.session);
    const answer = await session.link.ask(bytes, this.#patience());
    const isWhole = flags.truncate === undefined;
    const alive = session.link.isClosed ? false : isWhole ? await this.#ping(session) : null;
    this.#print(spec.dispatchName, how ?? `truncate ${flags.truncate}`, answer, alive);
    const expected = flags['expect-status'];
    if (expected !== undefined && (answer.code ?? -1) !== expected) {
      throw new CliError('E_CHECK_FAILED', `the answer is ${answerText(answer)}, not ${expected}`);
    }
  }

  #patience(): number {
    const millis = parseDuration(this.flags['wait-for'], '--wait-for') / 1000;
    return Math.max(1, millis);
  }

  /** A session of its own at the leader, so that nothing else is disturbed. */
  async #session(): Promise<RawSession> {
    const client = await this.openClient();
    const { endpoint, clientId } = client.session;
    const { credentials, flags, settings } = this;
    if (endpoint === undefined || credentials === undefined) {
      throw new CliError('E_FAILED', 'the client is not connected');
    }
    await client.close();
    const id = flags['client-id'] === undefined ? clientId : parseClientId(flags['client-id']);
    const target = rawTargetOf(settings, endpoint, credentials);
    const session = await RawSession.connect(target, id);
    await session.login();
    this.onEnd(async () => {
      const last = session.link.isClosed ? await RawSession.connect(target, id) : session;
      if (last !== session) await last.login();
      await last.link.ask(last.logoutFrame(1n), silentMillis);
      last.close();
      session.close();
    });
    return session;
  }

  /** Whether the connection still serves a request that is in order. */
  async #ping({ link, clientId, session }: RawSession): Promise<boolean> {
    const ping = requestFrameOf({ code: 1, body: new Uint8Array(), clientId, session });
    return (await link.ask(ping, silentMillis)).kind === 'reply';
  }

  #print(
    command: string,
    corruption: Corruption | string,
    answer: RawAnswer,
    alive: boolean | null,
  ): void {
    const { kind, code, reason } = answer;
    const after =
      alive === null ? 'not tried' : alive ? 'answers a normal ping' : 'serves nothing more';
    this.out.object({
      kind: 'request.mutation',
      value: { command, corruption, answer: kind, code, reason, usable: alive },
      pairs: [
        { label: 'Request', value: command },
        { label: 'Wrong', value: corruption },
        { label: 'Answer', value: kind === 'closed' ? `closed: ${reason}` : answerText(answer) },
        { label: 'Connection', value: after },
      ],
    });
  }
}
