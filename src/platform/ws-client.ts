import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { WebSocket } from 'ws';
import type { Dialer, DialHandler, DialledSocket, DialTls } from './dialer.js';
import { sendMessage } from './ws-message.js';

export interface WebSocketDialOptions {
  /** Encrypts the connection. */
  readonly tls?: DialTls;
  /** Messages above this end the connection; 64 MiB if absent. */
  readonly maxMessageBytes?: number;
}

const defaultMaxMessageBytes = 64 * 1024 * 1024;

/** Opens WebSocket connections; every binary message is one frame. */
export class WebSocketDialer implements Dialer {
  readonly rosterPort = 'websocket';
  readonly #options: WebSocketDialOptions;

  constructor(options: WebSocketDialOptions = {}) {
    this.#options = options;
  }

  dial(endpoint: { readonly host: string; readonly port: number }, to: DialHandler): DialledSocket {
    const { tls, maxMessageBytes = defaultMaxMessageBytes } = this.#options;
    const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
    const scheme = tls === undefined ? 'ws' : 'wss';
    const options = { perMessageDeflate: false, maxPayload: maxMessageBytes };
    try {
      const security = tls === undefined ? {} : tlsOptions(endpoint.host, tls);
      const url = `${scheme}://${host}:${endpoint.port}/`;
      return new DialledWebSocket(new WebSocket(url, { ...options, ...security }), to);
    } catch (error) {
      // A certificate file that cannot be read, an impossible host: a failed dial like any other.
      const reason = error instanceof Error ? error.message : String(error);
      return failedDial(reason, to);
    }
  }
}

function tlsOptions(host: string, tls: DialTls) {
  const name = tls.serverName ?? host;
  const ca = tls.ca ?? (tls.caFile === undefined ? undefined : readFileSync(tls.caFile));
  return {
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: tls.insecure !== true,
  };
}

/** A connected WebSocket. */
class DialledWebSocket implements DialledSocket {
  readonly #socket: WebSocket;
  #handler: DialHandler | undefined;
  #problem = 'closed by the server';

  constructor(socket: WebSocket, handler: DialHandler) {
    this.#socket = socket;
    this.#handler = handler;
    socket.binaryType = 'nodebuffer';
    socket.on('open', () => this.#handler?.opened());
    // Text and fragments are read as the bytes they are: the frame length decides.
    socket.on('message', (message: Buffer) => this.#handler?.data(message));
    socket.on('error', (error: Error & { readonly code?: unknown }) => {
      this.#problem = typeof error.code === 'string' ? error.code : error.message;
    });
    socket.on('close', () => this.#end());
  }

  send(frame: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) sendMessage(this.#socket, frame);
  }

  close(): void {
    this.#handler = undefined;
    this.#socket.terminate();
  }

  #end(): void {
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed(this.#problem);
  }
}

/** A dial that failed before there was a socket. */
function failedDial(reason: string, to: DialHandler): DialledSocket {
  let isWanted = true;
  queueMicrotask(() => {
    if (isWanted) to.closed(reason);
  });
  return {
    send: () => undefined,
    close() {
      isWanted = false;
    },
  };
}
