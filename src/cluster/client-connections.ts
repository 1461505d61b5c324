import { emptyBytes } from '../base/index.js';
import type { ConnectionInfo, HostInput } from '../host/index.js';
import type { ClientSocket, SocketHandler } from '../platform/index.js';
import type { ClientLinks } from '../ports/index.js';

/** Bytes waiting for a peer, above which the peer's next drain is worth an input. */
const largeQueue = 1024 * 1024;

interface Entry {
  readonly socket: ClientSocket;
  readonly framing: ConnectionInfo['framing'];
  isPausedByHost: boolean;
}

/** Sees what a client sends (`in`) and gets (`out`); `undefined` bytes = it came or went. */
export type ClientTap = (event: {
  readonly remote: string;
  readonly framing: ConnectionInfo['framing'];
  readonly transport: ConnectionInfo['transport'];
  readonly direction: 'in' | 'out';
  readonly kind: 'open' | 'bytes' | 'close';
  readonly bytes: Uint8Array;
}) => void;

/** The client sockets of one node: connection numbers, and the host's view of them. */
export class ClientConnections implements ClientLinks {
  readonly #entries = new Map<number, Entry>();
  readonly #push: (input: HostInput) => void;
  #next = 1;
  #isFrozen = false;
  /** Absent unless somebody wants to see the traffic. */
  tap: ClientTap | undefined;

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
    const entry: Entry = { socket, framing, isPausedByHost: false };
    this.#entries.set(connection, entry);
    if (this.#isFrozen) socket.pause(true);
    const { remoteAddress: address, localAddress, transport } = socket;
    this.#push({
      kind: 'opened',
      info: { connection, address, localAddress, transport, framing },
    });
    this.#tell(entry, 'in', 'open');
    return {
      data: (chunk) => {
        this.#tell(entry, 'in', 'bytes', chunk);
        this.#push({ kind: 'data', connection, chunk });
      },
      drained: () => this.#push({ kind: 'drained', connection }),
      closed: () => {
        if (!this.#entries.delete(connection)) return;
        this.#tell(entry, 'in', 'close');
        this.#push({ kind: 'closed', connection });
      },
    };
  }

  send(connection: number, frame: Uint8Array): void {
    const entry = this.#entries.get(connection);
    if (entry === undefined) return;
    this.#tell(entry, 'out', 'bytes', frame);
    entry.socket.send(frame);
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
    for (const entry of entries) {
      this.#tell(entry, 'out', 'close');
      entry.socket.destroy();
    }
  }

  #tell(
    { socket, framing }: Entry,
    direction: 'in' | 'out',
    kind: 'open' | 'bytes' | 'close',
    bytes = emptyBytes,
  ): void {
    if (this.tap === undefined) return;
    const { remoteAddress: remote, transport } = socket;
    this.tap({ remote, framing, transport, direction, kind, bytes });
  }
}
