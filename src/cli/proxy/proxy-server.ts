import { type AddressInfo, createServer, isIP, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DialTls, Endpoint } from '../../client/index.js';
import type { TrafficEnd } from '../../cluster/index.js';
import { FrameSplitter } from '../../wire/index.js';
import { CliError } from '../cli-error.js';
import { systemReason } from '../system-error.js';
import { RosterRewriter } from './roster.js';
import { connectUpstream } from './upstream.js';

const loopback = '127.0.0.1';

/** What a proxy does to the connections that go through it. */
export interface ProxyRules {
  readonly target: Endpoint;
  /** Encrypts what goes to the server; clients speak to the proxy in the clear. */
  readonly tls: DialTls | undefined;
  readonly delayMillis: number;
  /** Share of the frames that are lost. */
  readonly drop: number;
  /** Frames after which a connection is cut; 0 = never. */
  readonly cutAfter: number;
  readonly rewriteRoster: boolean;
  readonly maxConnections: number;
}

/** Told what passes. */
export interface ProxyWatch {
  opened(client: TrafficEnd, server: TrafficEnd): void;
  passed(source: TrafficEnd, target: TrafficEnd, bytes: Uint8Array): void;
  closed(client: TrafficEnd, server: TrafficEnd): void;
  problem(text: string): void;
}

/** Passes bytes on between clients and a server. */
export class ProxyServer {
  readonly #rules: ProxyRules;
  readonly #watch: ProxyWatch;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #clients = 0;

  private constructor(rules: ProxyRules, watch: ProxyWatch) {
    this.#rules = rules;
    this.#watch = watch;
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client));
  }

  /** @throws CliError E_CONFLICT when the port is taken, E_IO */
  static async listen(at: Endpoint, rules: ProxyRules, watch: ProxyWatch): Promise<ProxyServer> {
    const proxy = new ProxyServer(rules, watch);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(at, error)));
      proxy.#server.listen(at.port, at.host, resolve);
    });
    return proxy;
  }

  /** Where it listens. */
  get address(): TrafficEnd {
    const { address, port } = this.#server.address() as AddressInfo;
    return { address, port };
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    const { target, maxConnections } = this.#rules;
    if (this.#clients >= maxConnections) {
      this.#watch.problem(`refused a connection: ${maxConnections} are open`);
      client.destroy();
      return;
    }
    this.#clients += 1;
    const source = { address: plain(client.remoteAddress), port: client.remotePort ?? 0 };
    // As the server: whoever reads the capture looks for the port of a server.
    const end = { address: isIP(target.host) > 0 ? target.host : loopback, port: target.port };
    this.#watch.opened(source, end);
    const server = connectUpstream(target, this.#rules.tls);
    const roster = this.#rules.rewriteRoster ? new RosterRewriter(this.address) : undefined;
    const lane = { client, server, source, end, roster, frames: 0 };
    for (const socket of [client, server]) this.#sockets.add(socket);
    client.on('error', () => undefined);
    server.on('error', ({ message }) => {
      this.#watch.problem(`cannot reach ${target.host}:${target.port}: ${message}`);
    });
    client.on('close', () => {
      this.#clients -= 1;
      this.#sockets.delete(client);
      server.destroy();
      this.#watch.closed(source, end);
    });
    server.on('close', () => {
      this.#sockets.delete(server);
      client.end();
    });
    this.#pass(lane, 'up');
    this.#pass(lane, 'down');
  }

  #pass(lane: Lane, direction: 'up' | 'down'): void {
    const [from, to] = direction === 'up' ? [lane.client, lane.server] : [lane.server, lane.client];
    const [source, target] = direction === 'up' ? [lane.source, lane.end] : [lane.end, lane.source];
    const { delayMillis } = this.#rules;
    const pieces = new Pieces(this.#cutsFrames);
    let queue = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      for (const piece of pieces.push(chunk)) {
        const bytes = this.#change(lane, direction, piece);
        if (bytes === undefined) continue;
        this.#watch.passed(source, target, bytes);
        if (delayMillis === 0) write(from, to, bytes);
        else {
          const due = performance.now() + delayMillis;
          queue = queue.then(async () => {
            await sleep(Math.max(0, due - performance.now()));
            if (!to.destroyed) to.write(bytes);
          });
        }
        if (this.#isOver(lane)) {
          lane.client.destroy();
          return;
        }
      }
    });
    to.on('drain', () => from.resume());
  }

  /** True when frames have to be told apart, so that none is passed on in part. */
  get #cutsFrames(): boolean {
    const { drop, cutAfter, rewriteRoster } = this.#rules;
    return drop > 0 || cutAfter > 0 || rewriteRoster;
  }

  /** What is passed on of a piece; nothing when it is lost. */
  #change(lane: Lane, direction: 'up' | 'down', piece: Uint8Array): Uint8Array | undefined {
    lane.frames += 1;
    if (this.#rules.drop > 0 && Math.random() < this.#rules.drop) return undefined;
    if (lane.roster === undefined) return piece;
    if (direction === 'down') return lane.roster.reply(piece);
    lane.roster.request(piece);
    return piece;
  }

  #isOver({ frames }: Lane): boolean {
    const { cutAfter } = this.#rules;
    return cutAfter > 0 && frames >= cutAfter;
  }
}

interface Lane {
  readonly client: Socket;
  readonly server: Socket;
  readonly source: TrafficEnd;
  readonly end: TrafficEnd;
  readonly roster: RosterRewriter | undefined;
  frames: number;
}

/** Passes a slow reader's pressure on to the sender. */
function write(from: Socket, to: Socket, bytes: Uint8Array): void {
  if (!to.destroyed && !to.write(bytes)) from.pause();
}

/** Cuts a stream into frames, or leaves it as it comes once it is not understood. */
class Pieces {
  #splitter: FrameSplitter | undefined;

  constructor(cutsFrames: boolean) {
    this.#splitter = cutsFrames ? new FrameSplitter('consensus') : undefined;
  }

  push(chunk: Buffer): readonly Uint8Array[] {
    if (this.#splitter === undefined) return [chunk];
    const frames = this.#splitter.push(chunk).map((frame) => frame.slice());
    if (this.#splitter.error === undefined) return frames;
    this.#splitter = undefined;
    return [...frames, chunk];
  }
}

function plain(address: string | undefined): string {
  return (address ?? '127.0.0.1').replace(/^::ffff:/, '');
}

function listenError({ host, port }: Endpoint, error: NodeJS.ErrnoException): CliError {
  const where = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') {
    return new CliError('E_CONFLICT', `${where} is already in use`, {
      hint: 'choose another port, or 0 for a free one: --listen 127.0.0.1:0',
      cause: error,
    });
  }
  return new CliError('E_IO', `cannot listen on ${where}: ${systemReason(error)}`, {
    cause: error,
  });
}
