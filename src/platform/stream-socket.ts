import type { Socket } from 'node:net';
import type { ClientSocket, FlushQueue, SocketHandler } from './client-socket.js';

/** Frames up to this size together are copied into one write: cheaper than a gathered one. */
const joinLimit = 16 * 1024;
/** A peer that does not take our last bytes within this time after a close is dropped. */
const closeGraceMillis = 2000;

/** A client on a byte stream: TCP, or TLS over it. */
export class StreamSocket implements ClientSocket {
  readonly transport = 1;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly #socket: Socket;
  readonly #queue: FlushQueue;
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #closing = false;

  constructor(socket: Socket, queue: FlushQueue) {
    this.#socket = socket;
    this.#queue = queue;
    this.remoteAddress = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    this.localAddress = socket.localAddress ?? '';
  }

  /** Passes the events of the socket on. */
  listen(handler: SocketHandler): void {
    const socket = this.#socket;
    socket.on('data', (chunk: Buffer) => handler.data(chunk));
    socket.on('drain', () => handler.drained());
    socket.on('close', () => handler.closed());
    // 'close' follows every error.
    socket.on('error', () => undefined);
  }

  get queuedBytes(): number {
    return this.#bytes + this.#socket.writableLength;
  }

  send(frame: Uint8Array): void {
    if (this.#closing) return;
    this.#bytes += frame.length;
    if (this.#frames.push(frame) === 1) this.#queue.add(this);
  }

  flush(): void {
    const frames = this.#frames;
    const bytes = this.#bytes;
    const first = frames[0];
    if (first === undefined) return;
    this.#frames = [];
    this.#bytes = 0;
    const socket = this.#socket;
    if (socket.destroyed || !socket.writable) return;
    if (frames.length === 1) socket.write(first);
    else if (bytes <= joinLimit) socket.write(Buffer.concat(frames, bytes));
    else {
      socket.cork();
      for (const frame of frames) socket.write(frame);
      socket.uncork();
    }
  }

  close(): void {
    if (this.#closing) return;
    this.flush();
    this.#closing = true;
    const socket = this.#socket;
    socket.end();
    // Read on, so that the peer's end is seen, and whatever it still sends is dropped.
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), closeGraceMillis);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }

  destroy(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  pause(paused: boolean): void {
    if (this.#closing) return;
    if (paused) this.#socket.pause();
    else this.#socket.resume();
  }
}
