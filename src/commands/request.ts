import { setTimeout as sleep } from 'node:timers/promises';
import { Args, Flags } from '@oclif/core';
import { CliError, usageError } from '../cli/cli-error.js';
import { mutationFlags } from '../cli/flags.js';
import { hex128 } from '../cli/output/wire-values.js';
import { checkExpectations } from '../cli/request/expectations.js';
import { findRequest } from '../cli/request/find-request.js';
import { anonymous, headerChoice, perSecond } from '../cli/request/header-choice.js';
import { KeptFrames } from '../cli/request/kept-frames.js';
import { refusedRequest } from '../cli/request/refused-request.js';
import { checkedFor, isLogin, requestBody, sendsToken } from '../cli/request/request-body.js';
import { requestResult, resultText, withNodeNumber } from '../cli/request/request-result.js';
import { ServerCommand } from '../cli/server-command.js';
import type { CommandSpec } from '../wire/index.js';

type Result = Awaited<ReturnType<typeof requestResult>>;

export default class Request extends ServerCommand<typeof Request> {
  static override summary = 'Send any command of the protocol and show the answer.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> stream.create name=orders --dry-run',
    '<%= config.bin %> <%= command.id %> stats --json',
  ];
  static override resultKind = 'request.result';
  static override strict = false;
  static override args = {
    name: Args.string({ required: true, description: 'Name or code; see request list.' }),
    fields: Args.string({ description: 'FIELD=VALUE of the body, any number.' }),
  };
  static override flags = {
    ...mutationFlags,
    'body-hex': Flags.string({ summary: 'The body in hexadecimal.', helpValue: 'HEX' }),
    'body-file': Flags.string({ summary: 'The body as the bytes of a file.', helpValue: 'FILE' }),
    'body-json': Flags.string({ summary: 'The body as JSON.', helpValue: 'FILE' }),
    unbound: Flags.boolean({ summary: 'Without logging in first.' }),
    'client-id': Flags.string({ summary: 'Client id of the session.', helpValue: 'HEX' }),
    session: Flags.string({ summary: 'Session number in the header, as given.', helpValue: 'N' }),
    'request-id': Flags.string({ summary: 'Request number in the header.', helpValue: 'N' }),
    'no-session': Flags.boolean({ summary: 'Session number 0 in the header.' }),
    repeat: Flags.integer({ summary: 'Send it so often.', default: 1, min: 1 }),
    parallel: Flags.integer({ summary: 'So many at a time.', default: 1, min: 1, max: 1024 }),
    rate: Flags.string({ summary: 'So many a second at most.', helpValue: 'N/s' }),
    save: Flags.string({ summary: 'Write every frame to a file in here.', helpValue: 'DIR' }),
    show: Flags.string({
      summary: 'Print the frames as decode does.',
      options: ['frames', 'reply', 'both'],
    }),
    'expect-status': Flags.integer({ summary: 'Status that the server must answer with.' }),
    expect: Flags.string({
      summary: 'What the result must hold.',
      helpValue: 'PATH=VALUE',
      multiple: true,
    }),
  };

  #frames: KeptFrames | undefined;

  protected override async execute(): Promise<void> {
    const { flags } = this;
    if (flags.show !== undefined || flags.save !== undefined) this.#frames = new KeptFrames();
    const [name = '', ...pairs] = this.words;
    const spec = findRequest(name);
    const body = requestBody(spec, pairs, {
      hex: flags['body-hex'],
      file: flags['body-file'],
      json: flags['body-json'],
    });
    if (isLogin(spec)) return await this.#logIn(spec, pairs);
    if (flags['dry-run']) return await this.#show(spec, body);
    const send = await this.#sender(spec, body);
    const results = await this.#repeat(send);
    await this.#keep();
    const last = results.at(-1);
    if (last === undefined) throw new CliError('E_FAILED', 'nothing was sent');
    if (flags.show === undefined) this.#print(results);
    checkExpectations(last, flags['expect-status'], flags.expect ?? []);
    if (last.status !== 0 && flags['expect-status'] === undefined) throw refusedRequest(last);
  }

  /** The login itself is the request; everything about it is told by the session. */
  async #logIn(spec: CommandSpec, pairs: readonly string[]): Promise<void> {
    if (pairs.length > 0) {
      throw usageError(
        'the credentials of a login come from the global flags only',
        'use --username with --password-stdin, or --token-stdin',
      );
    }
    const { parseClientId } = await import('../cli/connect/client-id.js');
    const id = this.flags['client-id'];
    const wanted = id === undefined ? undefined : parseClientId(id);
    const credentials = checkedFor(
      spec,
      await this.credentialsFor({ useStored: sendsToken(spec) }),
    );
    if (this.flags['dry-run']) {
      const { loginFrame } = await import('../cli/session/login-frame.js');
      return await this.#showFrame(loginFrame(credentials, wanted ?? 0n));
    }
    const started = performance.now();
    const client = await this.client({ credentials, clientId: wanted });
    const { session, clientId, endpoint } = client.session;
    const latency = Math.round((performance.now() - started) * 1000);
    const value = {
      ...{ command: spec.dispatchName, code: spec.code, operation: 'Register' },
      ...{ request: '0', session: String(session ?? 0n), status: 0, status_name: 'ok' },
      ...{ results: [], reply: { client_id: hex128(clientId) }, reply_hex: null },
      ...{ latency_us: latency, node: this.#numberOf(endpoint), view: null },
      ...{ op: String(session ?? 0n), commit: String(session ?? 0n), retried: 0 },
    };
    this.out.object({ kind: 'request.result', value, text: `registered session ${session}` });
  }

  #numberOf(endpoint: { readonly host: string; readonly port: number } | undefined) {
    const at = this.settings.servers.indexOf(`${endpoint?.host}:${endpoint?.port}`);
    return at < 0 ? null : at;
  }

  async #show(spec: CommandSpec, body: Uint8Array): Promise<void> {
    const { requestFrameOf } = await import('../cli/connect/dry-run.js');
    await this.#showFrame(requestFrameOf({ code: spec.code, body }));
  }

  async #showFrame(frame: Uint8Array): Promise<void> {
    const { showFrames } = await import('../cli/connect/dry-run.js');
    await showFrames([frame], { format: this.out.options.format, color: this.flags.color });
  }

  /** What sends the request once: the SDK, or a header made by hand. */
  async #sender(spec: CommandSpec, body: Uint8Array): Promise<() => Promise<Result>> {
    const { flags, settings } = this;
    const { parseClientId } = await import('../cli/connect/client-id.js');
    const id = flags['client-id'];
    const clientId = id === undefined ? undefined : parseClientId(id);
    const client = await this.client({ login: !flags.unbound, clientId });
    const choice = headerChoice(flags);
    if (choice === undefined) {
      this.#frames?.watch(client);
      return () => requestResult(client, spec, body, this.signal);
    }
    const { RawSession } = await import('../cli/session/raw-session.js');
    const { rawTargetOf } = await import('../cli/session/raw-target.js');
    const { rawRequest } = await import('../cli/request/raw-request.js');
    const { endpoint } = client.session;
    const found = this.credentials ?? { ...anonymous, source: 'flag', origin: 'none' };
    if (endpoint === undefined) throw new CliError('E_FAILED', 'the client is not connected');
    const used = clientId ?? client.session.clientId;
    await client.close();
    const session = await RawSession.connect(rawTargetOf(settings, endpoint, found), used);
    this.onEnd(() => session.close());
    if (!flags.unbound) {
      await session.login();
      this.onEnd(async () => void (await session.link.ask(session.logoutFrame(1n), 1000)));
    }
    this.#frames?.watchLink(session.link);
    return () => rawRequest(session, spec, body, choice);
  }

  async #repeat(send: () => Promise<Result>): Promise<readonly Result[]> {
    const { repeat, parallel, rate } = this.flags;
    const pause = rate === undefined ? 0 : 1000 / perSecond(rate);
    const started = performance.now();
    const results: Result[] = [];
    let sent = 0;
    const stopped = () => this.signal.aborted;
    const worker = async () => {
      while (sent < repeat && !stopped()) {
        const due = started + sent * pause - performance.now();
        sent += 1;
        if (due > 1) await sleep(due, undefined, { signal: this.signal }).catch(() => undefined);
        if (!stopped()) results.push(await send());
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, repeat) }, worker));
    return results;
  }

  /** Shows and saves the frames that passed, if that was asked for. */
  async #keep(): Promise<void> {
    const { show, save, color } = this.flags;
    if (save !== undefined) {
      const count = this.#frames?.save(save) ?? 0;
      this.notice(`${count} frames are in ${save}; they are not masked`);
    }
    if (show === undefined) return;
    const { showFrames } = await import('../cli/connect/dry-run.js');
    const { format } = this.out.options;
    const framing = this.settings.text('framing').value === 'correlated' ? 'auto' : 'vsr';
    const chosen = this.#frames?.of(show === 'frames' ? 'both' : show) ?? [];
    await showFrames(chosen, { format, color, framing });
  }

  #print(results: readonly Result[]): void {
    const [first] = results;
    if (first === undefined) return;
    const { servers } = this.settings;
    if (results.length === 1) {
      if (first.status !== 0 && this.flags['expect-status'] === undefined) return;
      const value = withNodeNumber(first, servers);
      this.out.object({ kind: 'request.result', value, text: resultText(first) });
      return;
    }
    const failed = results.filter(({ status }) => status !== 0).length;
    if (!this.out.isJson) {
      this.out.raw(`${results.length} answers, ${failed} refused\n`);
      return;
    }
    this.out.list({
      kind: 'request.result',
      items: results.map((each) => withNodeNumber(each, servers)),
      columns: [{ key: 'status', title: 'Status' }],
    });
  }
}
