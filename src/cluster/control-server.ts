import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { type ControlContext, controlMethods } from './control-methods.js';
import { ControlParams } from './control-params.js';
import {
  ControlError,
  type ControlRequest,
  type ControlResponse,
  failureOf,
  LineSplitter,
} from './control-protocol.js';
import { isJsonObject, plainJson } from './plain-json.js';

/**
 * Lets other processes of the same user look at a cluster and act on it: JSON lines over a unix socket
 * of mode 0600. `logs` answers with events until the connection ends; every other call has one answer.
 */
export class ControlServer {
  readonly #server: Server;
  readonly #path: string;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.#path = path;
  }

  /** Binds the socket; one that a dead process left is replaced. */
  static async start(path: string, context: ControlContext): Promise<ControlServer> {
    rmSync(path, { force: true });
    const server = createServer();
    const control = new ControlServer(server, path);
    server.on('connection', (socket) => control.#serve(socket, context));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => resolve());
    });
    chmodSync(path, 0o600);
    return control;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroySoon();
    await closed;
    rmSync(this.#path, { force: true });
  }

  #serve(socket: Socket, context: ControlContext): void {
    const lines = new LineSplitter();
    this.#sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      const complete = lines.push(String(text));
      if (complete === undefined) socket.destroy();
      else for (const line of complete) void answer(socket, line, context);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

async function answer(socket: Socket, line: string, context: ControlContext): Promise<void> {
  const send = (response: ControlResponse) => {
    if (socket.writable) socket.write(`${JSON.stringify(response)}\n`);
  };
  const request = parseRequest(line);
  if (request === undefined) {
    socket.destroy();
    return;
  }
  const { id, method } = request;
  try {
    const params = new ControlParams(request.params);
    if (method === 'logs') streamEvents(socket, context, params, (event) => send({ id, event }));
    else {
      const perform = Object.hasOwn(controlMethods, method) ? controlMethods[method] : undefined;
      if (perform === undefined) throw unknownMethod(method);
      send({ id, result: plainJson(await perform(context, params)) });
    }
  } catch (error) {
    send({ id, error: failureOf(error, plainJson) });
  }
}

/** Events of the past from a sequence number on, then, if asked for, the next ones as they come. */
function streamEvents(
  socket: Socket,
  { cluster }: ControlContext,
  params: ControlParams,
  send: (event: ReturnType<typeof plainJson>) => void,
): void {
  for (const event of cluster.events.since(params.number('since') ?? 0)) send(plainJson(event));
  if (!params.flag('follow')) {
    send(null);
    return;
  }
  const end = cluster.events.listen((event) => send(plainJson(event)));
  socket.on('close', end);
}

function parseRequest(line: string): ControlRequest | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isJsonObject(value)) return undefined;
    const { id, method, params = {} } = value;
    if (typeof id !== 'number' || typeof method !== 'string' || !isJsonObject(params)) {
      return undefined;
    }
    return { id, method, params };
  } catch {
    return undefined;
  }
}

function unknownMethod(method: string): ControlError {
  return new ControlError('CONTROL_MALFORMED', `there is no call ${method}`, { method });
}
