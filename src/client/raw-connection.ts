import type { Dialer, DialledSocket } from '../platform/index.js';
import { formatEndpoint, parseEndpoint } from '../session/index.js';
import { type FrameFamily, FrameSplitter } from '../wire/index.js';
import { connectFailureText } from './connect-failure.js';
import { ConnectionError, InvalidArgumentError, TimeoutError } from './errors.js';
import type { ClientOptions } from './options.js';
import { dialerFor } from './resolve-options.js';

/** How to open a {@link RawConnection}. */
export interface RawConnectionOptions
  extends Pick<ClientOptions, 'transport' | 'tls' | 'noDelay' | 'dialer' | 'framing'> {
  /** Limit of opening it and of each wait; 5,000 ms if absent. */
  readonly timeoutMillis?: number;
  /** Responses above this end the connection; 64 MiB if absent. */
  readonly maxFrameBytes?: number;
}

interface Waiter {
  readonly resolve: (frame: Uint8Array | undefined) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

const defaultTimeoutMillis = 5_000;

/**
 * A connection without a session: what is sent leaves as it is, what comes in is only cut into frames.
 * For tools that look at single frames.
 */
export class RawConnection {
  readonly node: string;
  readonly #timeoutMillis: number;
  readonly #splitter: FrameSplitter;
  readonly #frames: Uint8Array[] = [];
  readonly #waiters: Waiter[] = [];
  #socket: DialledSocket | undefined;
  #problem: string | undefined;

  private constructor(node: string, options: RawConnectionOptions) {
    this.node = node;
    this.#timeoutMillis = options.timeoutMillis ?? defaultTimeoutMillis;
    const family: FrameFamily =
      options.framing === 'correlated' ? 'correlated-response' : 'consensus';
    this.#splitter = new FrameSplitter(family, options.maxFrameBytes);
  }

  /** @throws CONNECTION_FAILED, TIMEOUT, INVALID_ARGUMENT */
  static async open(server: string, options: RawConnectionOptions = {}): Promise<RawConnection> {
    const endpoint = parseEndpoint(server);
    if (endpoint === undefined) {
      const message = `server "${server}" is not host:port, such as 127.0.0.1:8090`;
      throw new InvalidArgumentError('INVALID_ARGUMENT', message, { server });
    }
    const connection = new RawConnection(formatEndpoint(endpoint), options);
    return await connection.#open(options.dialer ?? dialerFor(options), endpoint);
  }

  /** Why the connection ended; nothing while it is open. */
  get closedBecause(): string | undefined {
    return this.#problem;
  }

  /** Sends bytes as they are. @throws CONNECTION_LOST */
  send(bytes: Uint8Array): void {
    if (this.#socket === undefined) throw this.#lost();
    this.#socket.send(bytes);
  }

  /**
   * The next frame; nothing once the connection was closed.
   * @throws TIMEOUT when none comes in time
   */
  next(timeoutMillis: number = this.#timeoutMillis): Promise<Uint8Array | undefined> {
    const frame = this.#frames.shift();
    if (frame !== undefined || this.#problem !== undefined) return Promise.resolve(frame);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(silence(timeoutMillis));
      }, timeoutMillis);
      const waiter: Waiter = { resolve, reject, timer };
      this.#waiters.push(waiter);
    });
  }

  close(): void {
    this.#socket?.close();
    this.#end('closed by the caller');
  }

  #open(
    dialer: Dialer,
    endpoint: { readonly host: string; readonly port: number },
  ): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        clearTimeout(timer);
        this.#end(reason);
        const message = connectFailureText(this.node, reason);
        const details = { reason, node: this.node };
        const options = { protocolCode: 9 };
        reject(new ConnectionError('CONNECTION_FAILED', message, details, options));
      };
      const timer = setTimeout(() => {
        this.#socket?.close();
        fail(`no connection within ${this.#timeoutMillis} ms`);
      }, this.#timeoutMillis);
      let isOpen = false;
      this.#socket = dialer.dial(endpoint, {
        opened: () => {
          isOpen = true;
          clearTimeout(timer);
          resolve(this);
        },
        data: (bytes) => this.#receive(bytes),
        closed: (reason) => (isOpen ? this.#end(reason) : fail(reason)),
      });
    });
  }

  #receive(bytes: Uint8Array): void {
    for (const frame of this.#splitter.push(bytes)) {
      const waiter = this.#waiters.shift();
      if (waiter === undefined) this.#frames.push(frame);
      else {
        clearTimeout(waiter.timer);
        waiter.resolve(frame);
      }
    }
    const { error } = this.#splitter;
    if (error === undefined) return;
    this.#socket?.close();
    this.#end(error.reason);
  }

  #end(reason: string): void {
    this.#problem ??= reason;
    this.#socket = undefined;
    for (const { resolve, timer } of this.#waiters.splice(0)) {
      clearTimeout(timer);
      resolve(undefined);
    }
  }

  #lost(): ConnectionError {
    const reason = this.#problem ?? 'not open';
    const message = `the connection to ${this.node} was lost: ${reason}`;
    const details = { reason, node: this.node };
    return new ConnectionError('CONNECTION_LOST', message, details, { protocolCode: 8 });
  }
}

function silence(afterMillis: number): TimeoutError {
  const message = `no frame came within ${afterMillis} ms`;
  return new TimeoutError(message, { afterMillis, stage: 'sent' });
}
