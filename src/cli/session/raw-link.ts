import { isIggyctlError } from '../../base/index.js';
import { RawConnection, type RawConnectionOptions } from '../../client/index.js';
import { answerOf, noAnswer, type RawAnswer } from './raw-answer.js';

/** A connection on which single frames are sent and their answers looked at. */
export class RawLink {
  readonly #connection: RawConnection;
  /** Told of every frame that passes. */
  onFrame: ((direction: 'in' | 'out', frame: Uint8Array) => void) | undefined;

  private constructor(connection: RawConnection) {
    this.#connection = connection;
  }

  /** @throws CONNECTION_FAILED */
  static async open(server: string, options: RawConnectionOptions): Promise<RawLink> {
    return new RawLink(await RawConnection.open(server, options));
  }

  get node(): string {
    return this.#connection.node;
  }

  get isClosed(): boolean {
    return this.#connection.closedBecause !== undefined;
  }

  /** Sends a frame without waiting for what comes of it. */
  send(frame: Uint8Array): void {
    if (this.isClosed) return;
    this.onFrame?.('out', frame);
    this.#connection.send(frame);
  }

  /** What comes next: a frame, silence, or the end of the connection. */
  async next(timeoutMillis?: number): Promise<RawAnswer> {
    try {
      const frame = await this.#connection.next(timeoutMillis);
      if (frame !== undefined) {
        this.onFrame?.('in', frame);
        return answerOf(frame);
      }
      return noAnswer('closed', this.#connection.closedBecause ?? null);
    } catch (error) {
      if (isIggyctlError(error) && error.code === 'TIMEOUT') return noAnswer('silence', null);
      throw error;
    }
  }

  /** Sends a frame and waits for what comes of it. */
  async ask(frame: Uint8Array, timeoutMillis?: number): Promise<RawAnswer> {
    this.send(frame);
    return await this.next(timeoutMillis);
  }

  close(): void {
    this.#connection.close();
  }
}
