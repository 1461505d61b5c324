/** Transport kinds as clients see them: 1 TCP, 4 WebSocket; TLS reports the base kind. */
export type SocketTransport = 1 | 4;

/** One accepted connection of a client, whatever carries it. */
export interface ClientSocket {
  /** `ip:port` of the peer. */
  readonly remoteAddress: string;
  /** Address of our end, without a port. */
  readonly localAddress: string;
  readonly transport: SocketTransport;
  /** Bytes sent and not yet taken by the kernel. */
  readonly queuedBytes: number;
  /** Queues one frame; it leaves with the next flush of the {@link FlushQueue}. */
  send(frame: Uint8Array): void;
  /** Hands everything queued to the kernel in as few calls as possible. */
  flush(): void;
  /** Closes after everything queued was sent; a peer that does not read is cut off after a while. */
  close(): void;
  /** Drops the connection at once. */
  destroy(): void;
  /** Stops or resumes reading. */
  pause(paused: boolean): void;
}

/** Where the events of one connection go. */
export interface SocketHandler {
  /** Bytes of a stream, or one whole message of a message transport. The chunk is the handler's. */
  data(chunk: Uint8Array): void;
  /** The peer took everything that was queued, after {@link ClientSocket.queuedBytes} grew large. */
  drained(): void;
  /** Called once, last. */
  closed(): void;
}

/** Sockets with frames that wait for a flush. */
export class FlushQueue {
  #waiting: ClientSocket[] = [];

  add(socket: ClientSocket): void {
    this.#waiting.push(socket);
  }

  /** Flushes every socket that was added since the last call. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const socket of waiting) socket.flush();
  }
}

/** What every listener needs. */
export interface ListenOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Connections above this are refused. */
  readonly maxConnections: number;
  readonly flushQueue: FlushQueue;
  /** Called for every connection, before its first byte. */
  accept(socket: ClientSocket): SocketHandler;
  /** Speak TLS; PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A listener that is bound. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Stops accepting, and drops what is open. */
  close(): Promise<void>;
}
