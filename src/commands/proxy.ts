import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { CaptureFile } from '../cli/capture/capture-file.js';
import { FramePrinter } from '../cli/capture/frame-printer.js';
import { LiveDecoder } from '../cli/capture/live-decoder.js';
import { CliError, usageError } from '../cli/cli-error.js';
import { tlsOf, transportOf } from '../cli/connect/client-options.js';
import { asCliError } from '../cli/decode/run-decode.js';
import { ProxyServer } from '../cli/proxy/proxy-server.js';
import { untilAborted } from '../cli/run/until-aborted.js';
import { parseDuration, parseSize } from '../cli/values.js';
import { type Endpoint, parseEndpoint } from '../client/index.js';
import { compileFilter, type FrameView } from '../decoder/index.js';

export default class ProxyCommand extends BaseCommand<typeof ProxyCommand> {
  static override summary = 'Pass connections on to a server and show every frame.';
  static override description =
    'Point a client at the address that is printed first. Ctrl-C ends it. With --tls the proxy ' +
    'speaks TLS to the server, and in the clear to clients.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --listen 127.0.0.1:9000 --write traffic.pcap',
    '<%= config.bin %> <%= command.id %> --target 127.0.0.1:8091 --delay 20ms --json',
  ];
  static override resultKind = 'proxy.ready|proxy.frame';
  static override stopsItself = true;
  static override flags = {
    listen: Flags.string({
      char: 'l',
      summary: 'Where to listen; port 0 = a free one.',
      default: '127.0.0.1:0',
      helpValue: 'HOST:PORT',
    }),
    target: Flags.string({
      char: 't',
      summary: "Server to pass on to; the context's if absent.",
      helpValue: 'HOST:PORT',
    }),
    write: Flags.string({
      char: 'w',
      summary: 'Also into a .pcap or .ndjson file.',
      helpValue: 'FILE',
    }),
    rotate: Flags.string({ summary: 'Begin a new file at this size.', helpValue: 'SIZE' }),
    filter: Flags.string({ summary: 'Show and write only these.', helpValue: 'EXPR' }),
    pair: Flags.boolean({ summary: 'One line for a request and its reply.' }),
    body: Flags.boolean({ summary: 'Bodies in JSON.', default: true, allowNo: true }),
    delay: Flags.string({ summary: 'Hold everything back so long.', helpValue: 'DURATION' }),
    drop: Flags.string({ summary: 'Lose this share of the frames.', helpValue: '0..1' }),
    'cut-after': Flags.integer({ summary: 'Cut a connection after so many frames.', min: 1 }),
    'rewrite-roster': Flags.boolean({
      summary: 'Announce the proxy as every node, so that clients stay on it.',
    }),
    'max-connections': Flags.integer({ summary: 'At a time.', default: 256, min: 1 }),
    'allow-remote': Flags.boolean({ summary: 'Listen on more than the loopback address.' }),
    'show-secrets': Flags.boolean({ summary: 'Show and write passwords and tokens.' }),
  };

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const listen = this.#listen();
    const target = endpointOf(flags.target ?? this.settings.servers[0] ?? '', '--target');
    if (transportOf(this.settings) !== 'tcp') {
      throw new CliError('E_UNSUPPORTED', 'the proxy passes on TCP and TLS, not WebSocket', {
        hint: 'record what this tool sends with --trace FILE.pcap instead',
      });
    }
    const printer = new FramePrinter({
      ...{ out: this.out, kind: 'proxy.frame', showSecrets: flags['show-secrets'] },
      ...{ withBody: flags.body, pair: flags.pair },
    });
    const show = this.#sink(printer);
    const live = new LiveDecoder(show, (text) => printer.note(text));
    const rules = {
      ...{ target, drop: shareOf(flags.drop), cutAfter: flags['cut-after'] ?? 0 },
      delayMillis: flags.delay === undefined ? 0 : parseDuration(flags.delay, '--delay') / 1000,
      tls: tlsOf(this.settings).tls,
      rewriteRoster: flags['rewrite-roster'],
      maxConnections: flags['max-connections'],
    };
    const proxy = await ProxyServer.listen(listen, rules, {
      opened: (client, server) => live.open(client, server),
      passed: (source, end, bytes) => live.data(source, end, bytes),
      closed: (client, server) => live.close(client, server),
      problem: (text) => printer.note(text),
    });
    this.onEnd(() => proxy.stop());
    this.#ready(`${proxy.address.address}:${proxy.address.port}`, `${target.host}:${target.port}`);
    await untilAborted(this.signal);
    await proxy.stop();
    live.end();
    this.notice(`${printer.connections} connections`);
  }

  #listen(): Endpoint {
    const { listen, 'allow-remote': allowed } = this.flags;
    const match = /^(.*):(\d{1,5})$/.exec(listen);
    const host = match?.[1]?.replace(/^\[|\]$/g, '') ?? '';
    const port = Number(match?.[2] ?? -1);
    if (host === '' || !(port >= 0 && port <= 65_535)) {
      throw usageError(`--listen: "${listen}" is not host:port; write for instance 127.0.0.1:0`);
    }
    if (!allowed && !/^(127\.|localhost$|::1$)/.test(host)) {
      throw usageError(`--listen: ${host} can be reached from elsewhere`, 'add --allow-remote');
    }
    return { host, port };
  }

  /** Where frames go that pass the filter: the screen and, if wanted, a file. */
  #sink(printer: FramePrinter): (view: FrameView) => void {
    const { filter, write, rotate, 'show-secrets': showSecrets } = this.flags;
    const passes = filter === undefined ? () => true : compiled(filter);
    if (rotate !== undefined && write === undefined) throw usageError('--rotate needs --write');
    const rotateBytes = rotate === undefined ? 0 : parseSize(rotate, '--rotate');
    const file =
      write === undefined ? undefined : new CaptureFile(write, { showSecrets, rotateBytes });
    if (file !== undefined) this.onEnd(() => file.close());
    return (view) => {
      if (!passes(view)) return;
      file?.frame(view);
      printer.frame(view);
    };
  }

  #ready(listen: string, target: string): void {
    const value = { listen, target, pid: process.pid };
    const text = this.out.options.quiet
      ? listen
      : `listening on ${listen}, passing on to ${target}`;
    this.out.event('proxy.ready', value, text);
  }
}

function endpointOf(text: string, flag: string): Endpoint {
  const found = parseEndpoint(text);
  if (found === undefined) throw usageError(`${flag}: "${text}" is not host:port`);
  return found;
}

function shareOf(text: string | undefined): number {
  const share = text === undefined ? 0 : Number(text);
  if (share >= 0 && share <= 1) return share;
  throw usageError(`--drop: "${text}" is not a number from 0 to 1`);
}

/** A filter with errors that say what is wrong with it. @throws CliError E_USAGE */
function compiled(filter: string): (view: FrameView) => boolean {
  try {
    return compileFilter(filter);
  } catch (error) {
    throw asCliError(error);
  }
}
