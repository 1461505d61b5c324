import { expect } from 'vitest';
import {
  loginBody,
  operation,
  RawClient,
  type RawReply,
  readLogin,
  requestFrame,
} from '../../helpers/raw-client.js';
import { hash64, text8, u32 } from './bytes.js';
import { code, op } from './requests.js';

let nextId = 1;

/** A client id that nobody else uses, as 32 hexadecimal digits in header order. */
export const freshId = (): string => (nextId++).toString(16).padStart(8, '0').repeat(4);

/**
 * How an answer came, as the protocol calls it: `ok`, `R 1012` for a committed refusal, `S 41` for
 * one before replication, `E 9` for an eviction.
 */
export function outcome(reply: RawReply): string {
  if (reply.command === 'eviction') return `E ${reply.reason}`;
  if (reply.command !== 'reply') return 'not an answer';
  if (reply.status !== 0) {
    return reply.body.length === 0 ? `S ${reply.status}` : 'status with a body';
  }
  if (reply.result === undefined || reply.result === 0) return 'ok';
  const isWhole = reply.body.length === 12 && reply.body.readBigUInt64LE() === 1n;
  return isWhole ? `R ${reply.result}` : 'a result of another size';
}

const isTransient = (said: string): boolean => /^[RS] 5[78]$/.test(said);

/** A session that is driven frame by frame. */
export class HandClient {
  readonly raw: RawClient;
  id: string;
  session = 0;
  user = -1;
  /** Number of the next mutation. */
  next = 1;

  private constructor(raw: RawClient, id: string) {
    this.raw = raw;
    this.id = id;
  }

  static async dial(port: number, id = freshId()): Promise<HandClient> {
    return new HandClient(await RawClient.connect(port), id);
  }

  loginFrame(username = 'iggy', password = 'iggy'): Buffer {
    const body = loginBody(username, password);
    return requestFrame({ operation: operation.register, client: this.id, body });
  }

  /** Sends a login and gives its answer; a success binds this client. */
  async tryLogin(username = 'iggy', password = 'iggy', context = ''): Promise<RawReply> {
    return this.register(loginBody(username, password, context));
  }

  async tryToken(token: string, context = ''): Promise<RawReply> {
    const version = Buffer.concat([u32(11_264), text8('raw-test'), text8('1.0.0')]);
    const tail = Buffer.concat([text8(token), u32(context.length), Buffer.from(context)]);
    return this.register(Buffer.concat([version, tail]));
  }

  async register(body: Buffer): Promise<RawReply> {
    const frame = requestFrame({ operation: operation.register, client: this.id, body });
    const reply = await this.raw.askPatiently(frame);
    if (outcome(reply) === 'ok') {
      const login = readLogin(reply);
      this.session = login.session;
      this.user = login.userId;
    }
    return reply;
  }

  /** As {@link tryLogin}; fails when it does. */
  async login(username?: string, password?: string, context?: string): Promise<this> {
    expect(outcome(await this.tryLogin(username, password, context))).toBe('ok');
    return this;
  }

  /** The frame of a mutation. Stamped unless told otherwise. */
  frame(operationCode: number, body: Uint8Array, request: number, isStamped = true): Buffer {
    const checksum = isStamped ? hash64(body) : 0n;
    const { id: client, session } = this;
    return requestFrame({ operation: operationCode, client, session, request, checksum, body });
  }

  /** Sends a mutation under the next number, or the given one. */
  async mutate(operationCode: number, body: Uint8Array, request?: number): Promise<RawReply> {
    const frame = this.frame(operationCode, body, request ?? this.next++);
    return request === undefined ? this.raw.askPatiently(frame) : this.raw.ask(frame);
  }

  /** Outcome of a mutation. */
  async does(operationCode: number, body: Uint8Array, request?: number): Promise<string> {
    return outcome(await this.mutate(operationCode, body, request));
  }

  /** Payload of a mutation that must succeed. */
  async must(operationCode: number, body: Uint8Array): Promise<Buffer> {
    const reply = await this.mutate(operationCode, body);
    expect(outcome(reply)).toBe('ok');
    return reply.body.subarray(4);
  }

  readFrame(commandCode: number, body: Uint8Array = Buffer.alloc(0)): Buffer {
    const { id: client, session, next: request } = this;
    return requestFrame({
      operation: operation.nonReplicated,
      client,
      session,
      request,
      code: commandCode,
      body,
    });
  }

  async read(commandCode: number, body?: Uint8Array): Promise<RawReply> {
    return this.raw.ask(this.readFrame(commandCode, body));
  }

  /** Outcome of a read. */
  async reads(commandCode: number, body?: Uint8Array): Promise<string> {
    return outcome(await this.read(commandCode, body));
  }

  /** Payload of a read that must succeed. */
  async get(commandCode: number, body?: Uint8Array): Promise<Buffer> {
    const reply = await this.read(commandCode, body);
    expect(outcome(reply)).toBe('ok');
    return reply.body;
  }

  /** Sends a partition operation; its number is not consumed. */
  async partition(operationCode: number, body: Uint8Array): Promise<RawReply> {
    const { id: client, session, next: request } = this;
    const frame = requestFrame({ operation: operationCode, client, session, request, body });
    return this.raw.askPatiently(frame);
  }

  async partitionSays(operationCode: number, body: Uint8Array): Promise<string> {
    return outcome(await this.partition(operationCode, body));
  }

  /** Payload of a send that must succeed. */
  async sends(body: Uint8Array): Promise<Buffer> {
    const reply = await this.partition(op.send, body);
    expect(outcome(reply)).toBe('ok');
    return reply.body;
  }

  logoutFrame(): Buffer {
    const { id: client, session } = this;
    const request = this.next++;
    return requestFrame({ operation: operation.logout, client, session, request });
  }

  async logout(): Promise<string> {
    return outcome(await this.raw.askPatiently(this.logoutFrame()));
  }

  async ping(): Promise<string> {
    return outcome(await this.read(code.ping));
  }

  close(): void {
    this.raw.close();
  }
}

/** Asks until an answer satisfies, at most a minute; gives the last one. */
export async function until<T>(ask: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 60_000;
  for (;;) {
    const value = await ask();
    if (isRight(value) || performance.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** As the outcome, but asked again while it is transient. */
export async function settled(ask: () => Promise<string>): Promise<string> {
  return until(ask, (said) => !isTransient(said));
}
