import type { ConnectionInfo, HostInput } from '../host/index.js';
import type { ClientSocket, SocketHandler } from '../platform/index.js';
import type { ClientLinks } from '../ports/index.js';

/** Bytes waiting for a peer, above which the peer's next drain is worth an input. */
const largeQueue = 1024 * 1024;

interface Entry {
  readonly socket: ClientSocket;
  isPausedByHost: boolean;
}

/** The client sockets of one node: connection numbers, and the host's view of them. */
export class ClientConnections implements ClientLinks {
  readonly #entries = new Map<number, Entry>();
  readonly #push: (input: HostInput) => void;
  #next = 1;
  #isFrozen = false;

  /** @param push hands an input to the node; ignored while the node is down */
  constructor(push: (input: HostInput) => void) {
    this.#push = push;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Takes a new socket over. */
  accept(socket: ClientSocket, framing: ConnectionInfo['framing']): SocketHandler {
    const connection = this.#next++;
    const entry = { socket, isPausedByHost: false };
    this.#entries.set(connection, entry);
    if (this.#isFrozen) socket.pause(true);
    const { remoteAddress: address, localAddress, transport } = socket;
    this.#push({
      kind: 'opened',
      info: { connection, address, localAddress, transport, framing },
    });
    return {
      data: (chunk) => this.#push({ kind: 'data', connection, chunk }),
      drained: () => this.#push({ kind: 'drained', connection }),
      closed: () => {
        if (this.#entries.delete(connection)) this.#push({ kind: 'closed', connection });
      },
    };
  }

  send(connection: number, frame: Uint8Array): void {
    this.#entries.get(connection)?.socket.send(frame);
  }

  close(connection: number): void {
    this.#entries.get(connection)?.socket.close();
  }

  pause(connection: number, paused: boolean): void {
    const entry = this.#entries.get(connection);
    if (entry === undefined) return;
    entry.isPausedByHost = paused;
    if (!this.#isFrozen) entry.socket.pause(paused);
  }

  queuedBytes(connection: number): number {
    const queued = this.#entries.get(connection)?.socket.queuedBytes ?? 0;
    return queued > largeQueue ? queued : 0;
  }

  /** Stops reading from all sockets, for as long as the node is frozen. */
  freeze(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
    for (const { socket, isPausedByHost } of this.#entries.values()) {
      socket.pause(isFrozen || isPausedByHost);
    }
  }

  /**
   * Drops all sockets without telling the host, which is going away itself. A freeze ends with it:
   * the next life of the node reads from its sockets.
   */
  dropAll(): void {
    this.#isFrozen = false;
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const { socket } of entries) socket.destroy();
  }
}
