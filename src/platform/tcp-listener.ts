import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { IggyctlError } from '../base/index.js';
import type { Listener, ListenOptions } from './client-socket.js';
import { errnoOf } from './errno.js';
import { StreamSocket } from './stream-socket.js';

/** Raised when a port cannot be bound; `details.reason` is the errno name. */
export class ListenError extends IggyctlError<'LISTEN_FAILED'> {
  constructor(host: string, port: number, cause: unknown) {
    const reason = errnoOf(cause);
    super(
      'LISTEN_FAILED',
      `cannot listen on ${host}:${port}: ${reason}`,
      { host, port, reason },
      {
        cause,
      },
    );
  }
}

const handshakeMillis = 10_000;

/** Accepts clients on a TCP port, with TLS if a certificate is given. @throws LISTEN_FAILED */
export async function listenTcp(options: ListenOptions): Promise<Listener> {
  const open = new Set<Socket>();
  const accept = (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    const wrapped = new StreamSocket(socket, options.flushQueue);
    wrapped.listen(options.accept(wrapped));
  };
  const server: Server =
    options.tls === undefined
      ? createServer({ noDelay: true }, accept)
      : createTlsServer({ ...options.tls, handshakeTimeout: handshakeMillis }, (socket) => {
          socket.setNoDelay(true);
          accept(socket);
        });
  // A failed handshake is the peer's affair; its socket is destroyed by the server.
  server.on('tlsClientError', () => undefined);
  server.maxConnections = options.maxConnections;
  const { host, port } = await bind(server, options);
  return {
    host,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Binds and gives the address that was really bound. */
export function bind(
  server: Server,
  where: { readonly host: string; readonly port: number },
): Promise<{ host: string; port: number }> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(new ListenError(where.host, where.port, error));
    server.once('error', refuse);
    server.listen({ host: where.host, port: where.port, backlog: 1024 }, () => {
      server.off('error', refuse);
      // Errors of accept (descriptor exhaustion) concern the connection that was not made.
      server.on('error', () => undefined);
      const { port } = addressOf(server);
      resolve({ host: where.host, port });
    });
  });
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new ListenError('', 0, new Error('not a TCP server'));
  }
  return address;
}
