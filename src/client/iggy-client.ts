import type { ConnectionState, SessionStatus, SignedIn } from '../session/index.js';
import {
  type CommandKey,
  commands,
  decode,
  encode,
  type RequestOf,
  type ResponseOf,
} from '../wire/index.js';
import type { CommandCaller } from './caller.js';
import { ClientEmitter, type ClientEventName, type ClientEvents } from './client-events.js';
import { StreamCommands } from './commands/streams.js';
import { SystemCommands } from './commands/system.js';
import { parseConnectionString } from './connection-string.js';
import { toCredentials } from './credentials.js';
import type { CallOptions, ClientCredentials, ClientOptions } from './options.js';
import { type RawReply, rawReply } from './raw-reply.js';
import { SessionDriver } from './session-driver.js';

/**
 * A client of an Iggy cluster: one connection, one session. Calls may be made from anywhere at any
 * time; they are sent one after the other (see `mode`). A lost connection is made again, the
 * session is resumed, and a mutation whose answer was lost is finished at most once.
 */
export class IggyClient implements CommandCaller {
  readonly streams = new StreamCommands(this);
  readonly system = new SystemCommands(this);
  readonly #emitter = new ClientEmitter();
  readonly #driver: SessionDriver;
  readonly #consistency: 'local' | 'linearizable';

  /** @param options fields, or a connection string such as `iggy://user:password@host:8090`. */
  constructor(options: ClientOptions | string = {}) {
    const settings = typeof options === 'string' ? parseConnectionString(options) : options;
    this.#consistency = settings.consistency ?? 'local';
    this.#driver = new SessionDriver(settings, this.#emitter);
  }

  /** A client that is connected, and logged in if the options hold credentials. */
  static async connect(
    options: ClientOptions | string = {},
    callOptions?: CallOptions,
  ): Promise<IggyClient> {
    const client = new IggyClient(options);
    try {
      await client.connect(callOptions);
      return client;
    } catch (error) {
      client.destroy();
      throw error;
    }
  }

  get state(): ConnectionState {
    return this.#driver.state;
  }

  /** Identity, node and counters of the session. */
  get session(): SessionStatus {
    return this.#driver.status;
  }

  /** Opens the connection and logs in if the options hold credentials. */
  async connect(options?: CallOptions): Promise<void> {
    await this.#driver.connect(options);
  }

  /** Logs in and registers the session; logs out first when another login is in force. */
  login(credentials: ClientCredentials, options?: CallOptions): Promise<SignedIn> {
    return this.#driver.login(toCredentials(credentials), options);
  }

  /** Ends the session on every replica; the connection stays open. */
  async logout(options?: CallOptions): Promise<void> {
    await this.#driver.logout(options);
  }

  /** Checks that the node answers; needs no login. */
  async ping(options?: CallOptions): Promise<void> {
    await this.call('ping', {}, options);
  }

  /** Sends any command of the protocol and gives its typed reply. */
  async call<N extends CommandKey>(
    name: N,
    request: RequestOf<N>,
    options: CallOptions = {},
  ): Promise<ResponseOf<N>> {
    const { code, request: requestCodec, response } = commands[name];
    const body = encode<RequestOf<N>>(requestCodec as never, request);
    const reply = await this.#driver.call(code, body, this.#withDefaults(options));
    return decode<ResponseOf<N>>(response as never, reply.payload, { allowTrailing: true });
  }

  /**
   * Sends a body under a command code, known or not, and gives the answer as it came. The login
   * codes are refused: see {@link IggyClient.login}.
   */
  async request(code: number, body: Uint8Array, options: CallOptions = {}): Promise<RawReply> {
    return rawReply(await this.#driver.call(code, body, this.#withDefaults(options), true));
  }

  /** Listens to an event; the returned function ends that. */
  on<N extends ClientEventName>(name: N, listener: (event: ClientEvents[N]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  /** Drops the connection without logging out; `connect` opens it again. */
  disconnect(): void {
    this.#driver.disconnect();
  }

  /** Logs out if logged in, then ends for good. Never fails; open calls do. */
  async close(options?: CallOptions): Promise<void> {
    await this.#driver.close(options);
  }

  /** Ends for good at once, without a logout. */
  destroy(): void {
    this.#driver.destroy();
  }

  #withDefaults(options: CallOptions): CallOptions {
    return options.consistency === undefined && this.#consistency !== 'local'
      ? { ...options, consistency: this.#consistency }
      : options;
  }
}
