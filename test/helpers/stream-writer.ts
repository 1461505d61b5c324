import { operation, RawClient, type RawReply, requestFrame, streamBody } from './raw-client.js';

/** A session that creates streams and keeps its identity and numbers across nodes. */
export class StreamWriter {
  readonly id: string;
  #client: RawClient | undefined;
  #session = 0;
  #request = 0;

  constructor(id: string) {
    this.id = id;
  }

  get session(): number {
    return this.#session;
  }

  /** Logs in at a node; the number sequence goes on. */
  async attach(port: number): Promise<void> {
    this.close();
    this.#client = await RawClient.connect(port);
    // Without this the server ends the session when the connection is lost.
    this.#session = await this.#client.login(this.id, 'iggyctl/1;resume=1');
  }

  /** Creates a stream. Repeats while the answer is transient. */
  async create(name: string): Promise<RawReply> {
    this.#request += 1;
    return this.repeat(name);
  }

  /** Sends the newest request again. */
  async repeat(name: string, timeoutMillis = 60_000): Promise<RawReply> {
    if (this.#client === undefined) throw new Error('attach first');
    const frame = requestFrame({
      operation: operation.createStream,
      client: this.id,
      session: this.#session,
      request: this.#request,
      body: streamBody(name),
    });
    return this.#client.askPatiently(frame, timeoutMillis);
  }

  /**
   * Creates a stream, following the primary: on a lost connection or a refusal it logs in again
   * where `findPort` says and repeats the same request.
   */
  async createWherever(name: string, findPort: () => number | undefined): Promise<RawReply> {
    this.#request += 1;
    for (;;) {
      try {
        const reply = await this.repeat(name, 100);
        const code = reply.result ?? reply.status;
        if (reply.command === 'reply' && code !== 57 && code !== 58) return reply;
      } catch {
        // The connection is gone.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      const port = findPort();
      if (port !== undefined) await this.attach(port).catch(() => undefined);
    }
  }

  close(): void {
    this.#client?.close();
  }
}
