import { Args, Flags } from '@oclif/core';
import { CliError, usageError } from '../cli/cli-error.js';
import { mutationFlags } from '../cli/flags.js';
import { checkExpectations } from '../cli/request/expectations.js';
import { findRequest } from '../cli/request/find-request.js';
import { refusedRequest } from '../cli/request/refused-request.js';
import { isLogin, requestBody } from '../cli/request/request-body.js';
import { requestResult, resultText } from '../cli/request/request-result.js';
import { ServerCommand } from '../cli/server-command.js';
import type { IggyClient } from '../client/index.js';
import type { CommandSpec } from '../wire/index.js';

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
    repeat: Flags.integer({ summary: 'Send it so often.', default: 1, min: 1 }),
    parallel: Flags.integer({ summary: 'So many at a time.', default: 1, min: 1, max: 1024 }),
    'expect-status': Flags.integer({ summary: 'Status that the server must answer with.' }),
    expect: Flags.string({
      summary: 'What the result must hold.',
      helpValue: 'PATH=VALUE',
      multiple: true,
    }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const [name = '', ...pairs] = this.words;
    const spec = findRequest(name);
    const body = requestBody(spec, pairs, {
      hex: flags['body-hex'],
      file: flags['body-file'],
      json: flags['body-json'],
    });
    if (isLogin(spec)) return await this.#logIn(spec, pairs);
    if (flags['dry-run']) return await this.#show(spec, body);
    const { parseClientId } = await import('../cli/connect/client-id.js');
    const id = flags['client-id'];
    const client = await this.client({
      login: !flags.unbound,
      clientId: id === undefined ? undefined : parseClientId(id),
    });
    const results = await this.#send(client, spec, body);
    const last = results.at(-1);
    if (last === undefined) throw new CliError('E_FAILED', 'nothing was sent');
    checkExpectations(last, flags['expect-status'], flags.expect ?? []);
    this.#print(results);
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
    const started = performance.now();
    const client = await this.client();
    const { session, clientId } = client.session;
    const latency = Math.round((performance.now() - started) * 1000);
    const value = {
      ...{ command: spec.dispatchName, code: spec.code, operation: 'Register' },
      ...{ request: '0', session: String(session ?? 0n), status: 0, status_name: 'ok' },
      ...{ results: [], reply: { client_id: String(clientId) }, reply_hex: null },
      ...{ latency_us: latency, node: null, view: null, op: String(session ?? 0n) },
      ...{ commit: null, retried: 0 },
    };
    this.out.object({ kind: 'request.result', value, text: `registered session ${session}` });
  }

  async #show(spec: CommandSpec, body: Uint8Array): Promise<void> {
    const { requestFrameOf, showFrames } = await import('../cli/connect/dry-run.js');
    const { format } = this.out.options;
    const color = this.flags.color;
    await showFrames([requestFrameOf({ code: spec.code, body })], { format, color });
  }

  async #send(client: IggyClient, spec: CommandSpec, body: Uint8Array) {
    const { repeat, parallel } = this.flags;
    const results: Awaited<ReturnType<typeof requestResult>>[] = [];
    let left = repeat;
    const worker = async () => {
      while (left > 0 && !this.signal.aborted) {
        left -= 1;
        results.push(await requestResult(client, spec, body, this.signal));
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, repeat) }, worker));
    return results;
  }

  #print(results: readonly Awaited<ReturnType<typeof requestResult>>[]): void {
    const [first] = results;
    if (first === undefined) return;
    if (results.length === 1) {
      if (first.status !== 0 && this.flags['expect-status'] === undefined) return;
      this.out.object({ kind: 'request.result', value: first, text: resultText(first) });
      return;
    }
    const failed = results.filter(({ status }) => status !== 0).length;
    if (!this.out.isJson) {
      this.out.raw(`${results.length} answers, ${failed} refused\n`);
      return;
    }
    this.out.list({
      kind: 'request.result',
      items: results,
      columns: [{ key: 'status', title: 'Status' }],
    });
  }
}
