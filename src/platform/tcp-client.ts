import { readFileSync } from 'node:fs';
import { connect as connectTcp, isIP, type NetConnectOpts, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Dialer, DialHandler, DialledSocket, DialTls } from './dialer.js';

export interface TcpDialOptions {
  /** Off = small writes may wait for each other (Nagle). On by default. */
  readonly noDelay?: boolean;
  /** Encrypts the connection. */
  readonly tls?: DialTls;
}

/** Frames up to this size together are copied into one write: cheaper than a gathered one. */
const joinLimit = 16 * 1024;

/** Opens TCP connections, with TLS on request. */
export class TcpDialer implements Dialer {
  readonly rosterPort = 'tcp';
  readonly #options: TcpDialOptions;

  constructor(options: TcpDialOptions = {}) {
    this.#options = options;
  }

  dial(endpoint: { readonly host: string; readonly port: number }, to: DialHandler): DialledSocket {
    const { tls, noDelay = true } = this.#options;
    const where = { host: endpoint.host, port: endpoint.port, noDelay };
    if (tls === undefined) return dialPlain(where, to);
    try {
      return new DialledStream(connectTls(tlsOptions(where, tls)), 'secureConnect', to);
    } catch (error) {
      // A file or certificate that cannot be read is a failed dial like any other.
      const reason = error instanceof Error ? error.message : String(error);
      return new DialledStream(new Socket().destroy(new Error(reason)), 'connect', to);
    }
  }
}

function tlsOptions(where: { host: string; port: number; noDelay: boolean }, tls: DialTls) {
  const name = tls.serverName ?? where.host;
  const ca = tls.ca ?? (tls.caFile === undefined ? undefined : readFileSync(tls.caFile));
  return {
    ...where,
    // An address is no legal name for the server to choose its certificate by.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: tls.insecure !== true,
  };
}

/** What one read of the system can give. */
const readBytes = 64 * 1024;

/**
 * The system reads into buffers that are filled one after the other: getting one for every answer, as
 * streams do, takes longer than reading most answers.
 */
function dialPlain(where: NetConnectOpts, to: DialHandler): DialledSocket {
  let buffer = Buffer.allocUnsafeSlow(2 * readBytes);
  let used = 0;
  const onread = {
    buffer() {
      if (buffer.length - used < readBytes) {
        buffer = Buffer.allocUnsafeSlow(2 * readBytes);
        used = 0;
      }
      return buffer.subarray(used, used + readBytes);
    },
    callback(length: number) {
      const chunk = buffer.subarray(used, used + length);
      used += length;
      stream.received(chunk);
      return true;
    },
  };
  const stream = new DialledStream(connectTcp({ ...where, onread }), 'connect', to);
  return stream;
}

/** A connected byte stream. */
class DialledStream implements DialledSocket {
  readonly #socket: Socket;
  #handler: DialHandler | undefined;
  #problem = 'closed by the server';
  #frames: Uint8Array[] = [];
  #bytes = 0;

  constructor(socket: Socket, ready: 'connect' | 'secureConnect', handler: DialHandler) {
    this.#socket = socket;
    this.#handler = handler;
    socket.once(ready, () => this.#handler?.opened());
    socket.on('data', (chunk: Buffer) => this.received(chunk));
    socket.on('error', (error) => {
      this.#problem = reasonOf(error);
    });
    socket.on('close', () => this.#end());
  }

  received(chunk: Uint8Array): void {
    this.#handler?.data(chunk);
  }

  send(frame: Uint8Array): void {
    this.#bytes += frame.length;
    // Frames of one turn leave together: one call of the system instead of many.
    if (this.#frames.push(frame) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const socket = this.#socket;
    const frames = this.#frames;
    const bytes = this.#bytes;
    this.#frames = [];
    this.#bytes = 0;
    const [first] = frames;
    if (socket.destroyed || first === undefined) return;
    if (frames.length === 1) socket.write(first);
    else if (bytes <= joinLimit) socket.write(Buffer.concat(frames, bytes));
    else {
      socket.cork();
      for (const frame of frames) socket.write(frame);
      socket.uncork();
    }
  }

  close(): void {
    this.#handler = undefined;
    this.#socket.destroy();
  }

  #end(): void {
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed(this.#problem);
  }
}

/** The errno name or the TLS code of an error, else its text. */
function reasonOf(error: Error & { readonly code?: unknown }): string {
  return typeof error.code === 'string' ? error.code : error.message;
}
