import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** When to cut: after so many bytes in one direction. */
export interface Cut {
  readonly direction: 'up' | 'down';
  readonly bytes: number;
}

/** Passes bytes on between clients and a server, and cuts one connection at a chosen byte. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut: Cut | undefined;
  /** Bytes passed since the cut was armed. */
  readonly passed = { up: 0, down: 0 };
  cuts = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(port: number): Promise<CuttingProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new CuttingProxy(server);
    server.on('connection', (client) => proxy.#accept(client, port));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts once when so many more bytes have passed; exactly so many get through. */
  arm(cut: Cut | undefined): void {
    this.#cut = cut;
    this.passed.up = 0;
    this.passed.down = 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket, port: number): void {
    const server = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    this.#pipe(client, server, 'up');
    this.#pipe(server, client, 'down');
  }

  #pipe(from: Socket, to: Socket, direction: 'up' | 'down'): void {
    from.on('close', () => to.destroy());
    from.on('data', (chunk: Buffer) => {
      const cut = this.#cut;
      const before = this.passed[direction];
      this.passed[direction] += chunk.length;
      if (cut === undefined || cut.direction !== direction || this.passed[direction] < cut.bytes) {
        to.write(chunk);
        return;
      }
      this.#cut = undefined;
      this.cuts += 1;
      // What came before the cut arrives, then both ends see the connection die.
      to.end(chunk.subarray(0, cut.bytes - before));
      from.destroy();
    });
  }
}
