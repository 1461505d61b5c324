import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  loggedIn,
  ok,
  op,
  readRequest,
  reply,
  roster,
  type ScriptedRequest,
  streamRecord,
} from './scripted-frames.js';

/** What a script does with a request: bytes to send, or nothing. */
export type Script = (
  request: ScriptedRequest,
  connection: ScriptedConnection,
) => Buffer | readonly Buffer[] | undefined;

/** One accepted connection, as the script sees it. */
export class ScriptedConnection {
  /** From 0, in order of arrival. */
  readonly number: number;
  readonly socket: Socket;
  readonly requests: ScriptedRequest[] = [];
  isClosed = false;

  constructor(number: number, socket: Socket) {
    this.number = number;
    this.socket = socket;
  }

  write(bytes: Buffer): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** Ends the connection at once. */
  cut(): void {
    this.socket.destroy();
  }
}

/**
 * A server on a real socket that answers as a script says. Its frames are written by hand, so that
 * a mistake of our encoder cannot hide behind the same mistake of our decoder.
 */
export class ScriptedServer {
  readonly connections: ScriptedConnection[] = [];
  readonly #server: Server;
  script: Script;

  private constructor(server: Server, script: Script) {
    this.#server = server;
    this.script = script;
  }

  static async start(script: Script = answerWell, port = 0): Promise<ScriptedServer> {
    const server = createServer({ noDelay: true });
    const scripted = new ScriptedServer(server, script);
    server.on('connection', (socket) => scripted.#accept(socket));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return scripted;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `host:port`. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** All requests of all connections, in order of arrival. */
  readonly requests: ScriptedRequest[] = [];

  /** Requests with this operation. */
  withOperation(operation: number): ScriptedRequest[] {
    return this.requests.filter((request) => request.operation === operation);
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) connection.socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    const connection = new ScriptedConnection(this.connections.length, socket);
    this.connections.push(connection);
    let held = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connection.isClosed = true;
    });
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 256 && held.length >= held.readUInt32LE(48)) {
        const size = held.readUInt32LE(48);
        const request = readRequest(held.subarray(0, size));
        held = held.subarray(size);
        connection.requests.push(request);
        this.requests.push(request);
        const answer = this.script(request, connection);
        if (answer === undefined) continue;
        connection.write(Buffer.isBuffer(answer) ? answer : Buffer.concat([...answer]));
      }
    });
  }
}

/** Answers everything as a lone healthy server does. */
export function answerWell(request: ScriptedRequest): Buffer {
  switch (request.operation) {
    case op.register:
      return loggedIn(request);
    case op.nonReplicated:
      if (request.code === 12) {
        return reply(request, { body: roster([{ tcp: 1, leader: true }]) });
      }
      return reply(request);
    case op.logout:
      return reply(request);
    case op.createStream:
      return ok(request, streamRecord(1, 'orders'));
    case op.sendMessages:
      return reply(request, { body: Buffer.from(`01000000${'00'.repeat(20)}`, 'hex') });
    default:
      return ok(request);
  }
}
