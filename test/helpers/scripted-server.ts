import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { WebSocketServer } from 'ws';
import { readText } from './package-files.js';
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

/** What a script can do with a connection, whatever carries it. */
interface Carrier {
  write(bytes: Buffer): void;
  /** Ends the connection at once. */
  cut(): void;
}

/** One accepted connection, as the script sees it. */
export class ScriptedConnection {
  /** From 0, in order of arrival. */
  readonly number: number;
  readonly requests: ScriptedRequest[] = [];
  isClosed = false;
  readonly #carrier: Carrier;

  constructor(number: number, carrier: Carrier) {
    this.number = number;
    this.#carrier = carrier;
  }

  write(bytes: Buffer): void {
    if (!this.isClosed) this.#carrier.write(bytes);
  }

  cut(): void {
    this.isClosed = true;
    this.#carrier.cut();
  }
}

/** How clients reach the server. */
export interface ScriptedTransport {
  readonly websocket?: boolean;
  /** With the certificate of the fixtures. */
  readonly tls?: boolean;
}

const certificate = () => ({
  cert: readText('test/fixtures/tls/server.pem'),
  key: readText('test/fixtures/tls/server.key'),
});

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

  static async start(
    script: Script = answerWell,
    transport: ScriptedTransport = {},
  ): Promise<ScriptedServer> {
    const scripted =
      transport.websocket === true
        ? ScriptedServer.#overMessages(script)
        : ScriptedServer.#overStreams(script, transport.tls === true);
    const server = scripted.#server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  static #overMessages(script: Script): ScriptedServer {
    const server = createHttpServer();
    const scripted = new ScriptedServer(server, script);
    scripted.#acceptMessages(server);
    return scripted;
  }

  static #overStreams(script: Script, isEncrypted: boolean): ScriptedServer {
    const server = isEncrypted ? createTlsServer(certificate()) : createServer({ noDelay: true });
    const scripted = new ScriptedServer(server, script);
    const event = isEncrypted ? 'secureConnection' : 'connection';
    server.on(event, (socket: Duplex) => scripted.#acceptStream(socket));
    server.on('tlsClientError', () => undefined);
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
    for (const connection of this.connections) connection.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #acceptStream(socket: Duplex): void {
    const connection = this.#add({
      write: (bytes) => socket.write(bytes),
      cut: () => socket.destroy(),
    });
    let held = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connection.isClosed = true;
    });
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 256 && held.length >= held.readUInt32LE(48)) {
        const size = held.readUInt32LE(48);
        this.#answer(connection, held.subarray(0, size));
        held = held.subarray(size);
      }
    });
  }

  #acceptMessages(server: HttpServer): void {
    const upgrades = new WebSocketServer({ server });
    upgrades.on('connection', (socket) => {
      const connection = this.#add({
        write: (bytes) => socket.send(bytes),
        cut: () => socket.terminate(),
      });
      socket.on('close', () => {
        connection.isClosed = true;
      });
      socket.on('message', (message: Buffer) => this.#answer(connection, message));
    });
  }

  #add(carrier: Carrier): ScriptedConnection {
    const connection = new ScriptedConnection(this.connections.length, carrier);
    this.connections.push(connection);
    return connection;
  }

  #answer(connection: ScriptedConnection, bytes: Buffer): void {
    const request = readRequest(bytes);
    connection.requests.push(request);
    this.requests.push(request);
    const answer = this.script(request, connection);
    if (answer === undefined) return;
    for (const frame of Buffer.isBuffer(answer) ? [answer] : answer) connection.write(frame);
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
