import type { CallReply, ConnectionState, SessionStatus, SignedIn } from '../session/index.js';
import { type CommandKey, commands, type RequestOf, type ResponseOf } from '../wire/index.js';
import type { CommandCaller, RawCaller, RawRequest } from './caller.js';
import { ClientEmitter, type ClientEventName, type ClientEvents } from './client-events.js';
import { decodeResponse, encodeRequest } from './command-codec.js';
import { GroupCommands } from './commands/groups.js';
import { MessageCommands } from './commands/messages.js';
import { OffsetCommands } from './commands/offsets.js';
import { StreamCommands } from './commands/streams.js';
import { SystemCommands } from './commands/system.js';
import { PartitionCommands, SegmentCommands, TopicCommands } from './commands/topics.js';
import { TokenCommands, UserCommands } from './commands/users.js';
import { parseConnectionString } from './connection-string.js';
import { Consumer, type ConsumerOptions } from './consumer.js';
import { toCredentials } from './credentials.js';
import { GroupMemberships } from './group-memberships.js';
import { type GroupPlace, groupKey } from './group-place.js';
import type { CallOptions, ClientCredentials, ClientOptions } from './options.js';
import { Producer, type ProducerOptions } from './producer.js';
import { type RawReply, rawReply } from './raw-reply.js';
import { SessionDriver } from './session-driver.js';

/**
 * A client of an Iggy cluster: one connection, one session. Calls may be made from anywhere at any
 * time; they are sent one after the other (see `mode`). A lost connection is made again, the
 * session is resumed, and a mutation whose answer was lost is finished at most once.
 */
export class IggyClient implements CommandCaller, RawCaller {
  readonly system = new SystemCommands(this);
  readonly streams = new StreamCommands(this);
  readonly topics = new TopicCommands(this);
  readonly partitions = new PartitionCommands(this);
  readonly segments = new SegmentCommands(this);
  readonly users = new UserCommands(this);
  readonly tokens = new TokenCommands(this);
  readonly offsets = new OffsetCommands(this);
  readonly #memberships = new GroupMemberships(this);
  readonly groups = new GroupCommands(this, this.#memberships);
  readonly messages = new MessageCommands(this, this.#memberships);
  readonly #emitter = new ClientEmitter();
  readonly #driver: SessionDriver;
  readonly #consistency: 'local' | 'linearizable';

  /** @param options fields, or a connection string such as `iggy://user:password@host:8090`. */
  constructor(options: ClientOptions | string = {}) {
    const settings = typeof options === 'string' ? parseConnectionString(options) : options;
    this.#consistency = settings.consistency ?? 'local';
    this.#driver = new SessionDriver(settings, this.#emitter);
    this.#emitter.on('heartbeat', ({ ok }) => {
      if (ok) void this.#memberships.syncAll();
    });
    this.#emitter.on('disconnected', () => this.messages.forgetRoutes());
    this.#emitter.on('signedIn', ({ resumed }) => {
      if (!resumed) this.#memberships.states.clear();
    });
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
  async login(credentials: ClientCredentials, options?: CallOptions): Promise<SignedIn> {
    return await this.#driver.login(toCredentials(credentials), options);
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
    const { code } = commands[name];
    const { payload } = await this.exchange({ code, body: encodeRequest(name, request) }, options);
    return decodeResponse(name, payload);
  }

  /**
   * Sends a body under a command code, known or not, and gives the answer as it came. The login
   * codes are refused: see {@link IggyClient.login}.
   */
  async request(code: number, body: Uint8Array, options: CallOptions = {}): Promise<RawReply> {
    return rawReply(await this.exchange({ code, body, evenUnbound: true }, options));
  }

  /** What all commands go through. */
  exchange(request: RawRequest, options: CallOptions = {}): Promise<CallReply> {
    return this.#driver.exchange(request, this.#withDefaults(options));
  }

  /** Sends messages to one topic in batches. */
  producer(options: ProducerOptions): Producer {
    return new Producer(this.messages, options);
  }

  /** Reads messages of one topic, alone or as a member of a consumer group. */
  consumer(options: ConsumerOptions): Consumer {
    const { messages, groups, offsets } = this;
    const { states } = this.#memberships;
    const assignmentOf = (place: GroupPlace) => states.assignment(groupKey(place));
    return new Consumer({ messages, groups, offsets, assignmentOf }, options);
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
