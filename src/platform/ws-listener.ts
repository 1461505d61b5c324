import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type {
  ClientSocket,
  FlushQueue,
  Listener,
  ListenOptions,
  SocketHandler,
} from './client-socket.js';
import { bind } from './tcp-listener.js';
import { FragmentLimit } from './ws-fragment-limit.js';
import { longestFragment, sendMessage } from './ws-message.js';

const handshakeMillis = 10_000;
const closeGraceMillis = 2000;

/** Options of a WebSocket listener. */
export interface WebSocketListenOptions extends ListenOptions {
  /** Longest message, bytes. */
  readonly maxMessageBytes: number;
  /** Whether a message is exactly one frame; one that is not closes the connection. */
  isFrame(message: Uint8Array): boolean;
}

/**
 * Accepts clients on a WebSocket port: one binary message is one frame in each direction, the path
 * is not looked at. A message that is text or not a whole frame closes the connection.
 * @throws LISTEN_FAILED
 */
export async function listenWebSocket(options: WebSocketListenOptions): Promise<Listener> {
  const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
  server.headersTimeout = handshakeMillis;
  server.maxConnections = options.maxConnections;
  const open = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  const upgrades = new WebSocketServer({
    server,
    maxPayload: options.maxMessageBytes,
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  // The errors of the server below are repeated here.
  upgrades.on('error', () => undefined);
  upgrades.on('connection', (socket, request) => {
    const { remoteAddress = '', remotePort = 0, localAddress = '' } = request.socket;
    request.socket.setNoDelay(true);
    const wrapped = new MessageSocket(socket, options.flushQueue, {
      remote: `${remoteAddress}:${remotePort}`,
      local: localAddress,
    });
    const fragments = new FragmentLimit(longestFragment);
    request.socket.on('data', (chunk: Buffer) => {
      if (!fragments.take(chunk)) wrapped.destroy();
    });
    const handler = options.accept(wrapped);
    wrapped.listen(request.socket, handler, (message) => options.isFrame(message));
  });
  const { host, port } = await bind(server, options);
  return {
    host,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        upgrades.close();
        for (const socket of open) socket.destroy();
      }),
  };
}

class MessageSocket implements ClientSocket {
  readonly transport = 4;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly #socket: WebSocket;
  readonly #queue: FlushQueue;
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #closing = false;

  constructor(
    socket: WebSocket,
    queue: FlushQueue,
    addresses: { readonly remote: string; readonly local: string },
  ) {
    this.#socket = socket;
    this.#queue = queue;
    this.remoteAddress = addresses.remote;
    this.localAddress = addresses.local;
  }

  listen(carrier: Duplex, handler: SocketHandler, isFrame: (message: Uint8Array) => boolean): void {
    const socket = this.#socket;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data, isBinary) => {
      if (!isBinary || !(data instanceof Buffer) || !isFrame(data)) return this.destroy();
      handler.data(data);
    });
    carrier.on('drain', () => handler.drained());
    socket.on('close', () => handler.closed());
    socket.on('error', () => undefined);
  }

  get queuedBytes(): number {
    return this.#bytes + this.#socket.bufferedAmount;
  }

  send(frame: Uint8Array): void {
    if (this.#closing) return;
    this.#bytes += frame.length;
    if (this.#frames.push(frame) === 1) this.#queue.add(this);
  }

  flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    for (const frame of frames) sendMessage(this.#socket, frame);
  }

  close(): void {
    if (this.#closing) return;
    this.flush();
    this.#closing = true;
    this.#socket.close();
    const timer = setTimeout(() => this.#socket.terminate(), closeGraceMillis);
    timer.unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }

  destroy(): void {
    this.#closing = true;
    this.#socket.terminate();
  }

  pause(paused: boolean): void {
    if (this.#closing) return;
    if (paused) this.#socket.pause();
    else this.#socket.resume();
  }
}
