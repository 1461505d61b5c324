// A client that knows nothing of our encoders: frames are built and read by the offsets of the
// protocol, so that an error shared by both sides of the codec shows.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { xxhash3 } from 'hash-wasm';

/** Operations of the protocol that tests use. */
export const operation = {
  register: 1,
  nonReplicated: 2,
  logout: 3,
  createStream: 128,
} as const;

/** A frame a server sent, read by offsets. */
export interface RawReply {
  readonly frame: Buffer;
  readonly command: 'reply' | 'eviction' | 'other';
  readonly operation: number;
  /** Status of a refusal before replication; 0 = none. */
  readonly status: number;
  /** First code of the result section; 0 = success, undefined = there is none. */
  readonly result: number | undefined;
  /** Reason of an eviction; 0 = not one. */
  readonly reason: number;
  readonly op: number;
  readonly commit: number;
  readonly request: bigint;
  readonly client: string;
  readonly body: Buffer;
}

export interface RequestFields {
  readonly operation: number;
  /** 32 hexadecimal digits as they stand in the header. */
  readonly client?: string;
  readonly session?: number | bigint;
  readonly request?: number | bigint;
  /** Command code of a non-replicated request. */
  readonly code?: number;
  /** Low 64 bits of the stamp; 0 = not stamped. */
  readonly checksum?: bigint;
  readonly body?: Uint8Array;
}

/** A request frame. */
export function requestFrame(fields: RequestFields): Buffer {
  const body = fields.body ?? Buffer.alloc(0);
  const frame = Buffer.alloc(256 + body.length);
  frame.writeUInt32LE(frame.length, 48);
  frame[60] = 5;
  frame.write(fields.client ?? 'aa'.repeat(16), 128, 'hex');
  frame.writeBigUInt64LE(fields.checksum ?? 0n, 144);
  frame.writeBigUInt64LE(BigInt(fields.request ?? 0), 168);
  frame[176] = fields.operation;
  frame.writeBigUInt64LE(BigInt(fields.session ?? 0), 184);
  frame.writeUInt32LE(fields.code ?? 0, 196);
  frame.set(body, 256);
  return frame;
}

/** XXH3-64 of a body, for its stamp. */
export async function stampOf(body: Uint8Array): Promise<bigint> {
  return BigInt(`0x${await xxhash3(body)}`);
}

/** Body of a password login as today's clients send it. */
export function loginBody(username = 'iggy', password = 'iggy', context = ''): Buffer {
  const short = (text: string) => Buffer.from([Buffer.byteLength(text), ...Buffer.from(text)]);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(11_264);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(context.length);
  return Buffer.concat([
    head,
    short('raw-test'),
    short('1.0.0'),
    short(username),
    short(password),
    tail,
    Buffer.from(context),
  ]);
}

/** Body of create_stream. */
export function streamBody(name: string): Buffer {
  return Buffer.from([Buffer.byteLength(name), ...Buffer.from(name)]);
}

/** Reads a frame by offsets. */
export function readReply(frame: Buffer): RawReply {
  const command = frame[60] === 8 ? 'reply' : frame[60] === 13 ? 'eviction' : 'other';
  const body = frame.subarray(256);
  const op = frame[208] ?? 0;
  const status = command === 'reply' ? frame.readUInt32LE(216) : 0;
  const isFramed = op === 1 || (op >= 64 && op !== 138 && op !== 160);
  const isResultFramed = command === 'reply' && status === 0 && isFramed;
  const hasResult = isResultFramed && body.length >= 4;
  const clientAt = command === 'eviction' ? 128 : 160;
  return {
    frame,
    command,
    operation: op,
    status,
    result: !hasResult ? undefined : body.readUInt32LE(0) === 0 ? 0 : body.readUInt32LE(8),
    reason: command === 'eviction' ? (frame[255] ?? 0) : 0,
    op: Number(frame.readBigUInt64LE(176)),
    commit: Number(frame.readBigUInt64LE(184)),
    request: frame.readBigUInt64LE(200),
    client: frame.subarray(clientAt, clientAt + 16).toString('hex'),
    body,
  };
}

/** Payload of a successful login reply. */
export function readLogin({ body }: RawReply): { userId: number; session: number } {
  return { userId: body.readUInt32LE(4), session: Number(body.readBigUInt64LE(8)) };
}

/** One TCP connection that sends frames and waits for frames. */
export class RawClient {
  readonly socket: Socket;
  readonly #frames: Buffer[] = [];
  readonly #waiters: ((frame: Buffer | undefined) => void)[] = [];
  /** Bytes behind the last whole frame, joined only when a frame is complete. */
  #chunks: Buffer[] = [];
  #held = 0;
  isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('close', () => {
      this.isClosed = true;
      for (const waiter of this.#waiters.splice(0)) waiter(undefined);
    });
    socket.on('error', () => undefined);
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  send(frame: Uint8Array): void {
    this.socket.write(frame);
  }

  /** The next frame. Rejects when none comes in time or the connection is closed. */
  async receive(timeoutMillis = 60_000): Promise<RawReply> {
    const frame = await this.#next(timeoutMillis);
    if (frame === 'timeout') throw new Error(`no frame within ${timeoutMillis} ms`);
    if (frame === undefined) throw new Error('the connection was closed');
    return readReply(frame);
  }

  /** True when nothing comes within the time. */
  async isSilent(millis: number): Promise<boolean> {
    return (await this.#next(millis)) === 'timeout';
  }

  /** Sends a frame and waits for the next one. */
  async ask(frame: Uint8Array): Promise<RawReply> {
    this.send(frame);
    return this.receive();
  }

  /** As {@link ask}, sent again while the answer is transient. */
  async askPatiently(frame: Uint8Array, timeoutMillis = 60_000): Promise<RawReply> {
    const end = performance.now() + timeoutMillis;
    for (;;) {
      const reply = await this.ask(frame);
      const code = reply.status !== 0 ? reply.status : (reply.result ?? 0);
      if ((code !== 57 && code !== 58) || performance.now() > end) return reply;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Logs in as root. Gives the session. */
  async login(client: string, context = ''): Promise<number> {
    const body = loginBody('iggy', 'iggy', context);
    const frame = requestFrame({ operation: operation.register, client, body });
    const reply = await this.askPatiently(frame);
    if (reply.result !== 0) throw new Error(`login failed: ${JSON.stringify(reply)}`);
    return readLogin(reply).session;
  }

  async waitClosed(): Promise<void> {
    if (!this.isClosed) await once(this.socket, 'close');
  }

  close(): void {
    this.socket.destroy();
  }

  #next(millis: number): Promise<Buffer | undefined | 'timeout'> {
    const ready = this.#frames.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const waiter = (frame: Buffer | undefined) => {
        clearTimeout(timer);
        resolve(frame);
      };
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        resolve('timeout');
      }, millis);
      this.#waiters.push(waiter);
    });
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < 52 || this.#held < sizeOf(this.#head())) return;
    let rest: Buffer = Buffer.concat(this.#chunks);
    while (rest.length >= 52) {
      const size = sizeOf(rest);
      if (rest.length < size) break;
      const frame = rest.subarray(0, size);
      rest = rest.subarray(size);
      const waiter = this.#waiters.shift();
      if (waiter === undefined) this.#frames.push(frame);
      else waiter(frame);
    }
    this.#chunks = [rest];
    this.#held = rest.length;
  }

  /** Bytes that hold the size of the next frame. */
  #head(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= 52) return first;
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#head();
  }
}

function sizeOf(frame: Buffer): number {
  const size = frame.readUInt32LE(48);
  if (size < 256) throw new Error(`the server sent a frame of ${size} bytes`);
  return size;
}
