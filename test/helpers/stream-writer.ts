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
    this.#session = await this.#client.login(this.id);
  }

  /** Creates a stream. Repeats while the answer is transient. */
  async create(name: string): Promise<RawReply> {
    this.#request += 1;
    return this.repeat(name);
  }

  /** Sends the newest request again. */
  async repeat(name: string, timeoutMillis = 20_000): Promise<RawReply> {
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

  close(): void {
    this.#client?.close();
  }
}
