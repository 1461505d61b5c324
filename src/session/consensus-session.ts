import type { SessionEntropy } from './options.js';
import { SessionError } from './session-error.js';

const u64Max = 0xffff_ffff_ffff_ffffn;
/** Above it are the numbers of requests that are not counted; mutations stay below. */
const requestMax = (1n << 63n) - 1n;

/**
 * Who a client is to the servers: a client id, the session number of its newest login, and the
 * counter of its mutations. Id and counter survive a lost connection, the session number does not.
 *
 * @source Iggy client session layer: consensus session, resume
 */
export class ConsensusSession {
  readonly #entropy: SessionEntropy;
  readonly #pinned: bigint | undefined;
  readonly #resume: boolean;
  #clientId: bigint;
  #session: bigint | undefined;
  #next = 1n;
  #registerConsumed = false;
  #everBound = false;
  #generation = 0;
  /** What the server called the entry of the client table, if it is one of ours. */
  origin: bigint | undefined;

  constructor(
    entropy: SessionEntropy,
    options: { readonly clientId?: bigint | undefined; readonly resume?: boolean } = {},
  ) {
    this.#entropy = entropy;
    this.#pinned = options.clientId;
    this.#resume = options.resume ?? true;
    this.#clientId = options.clientId ?? drawClientId(entropy);
  }

  get clientId(): bigint {
    return this.#clientId;
  }

  /** Number of the login in force; absent while not logged in. */
  get session(): bigint | undefined {
    return this.#session;
  }

  /** True when this identity was logged in at least once. */
  get everBound(): boolean {
    return this.#everBound;
  }

  /** Grows whenever the client id is replaced. */
  get generation(): number {
    return this.#generation;
  }

  /** The id was chosen by the caller and is never replaced. */
  get pinned(): boolean {
    return this.#pinned !== undefined;
  }

  /** The number that the next mutation will get; not taken. */
  get currentRequestId(): bigint {
    return this.#next;
  }

  /** Starts a login and gives its request number, 0. Replaces an identity that may not go on. */
  beginRegister(): bigint {
    const keep = this.pinned || (this.#resume && this.#everBound);
    if (!keep && (this.#registerConsumed || this.#session !== undefined)) this.resetIdentity();
    this.#session = undefined;
    this.#registerConsumed = true;
    return 0n;
  }

  /** Takes the session number of a login reply. */
  bind(session: bigint): void {
    if (this.#session !== undefined) {
      throw new SessionError('SESSION_ALREADY_BOUND', 'the session is already bound', {
        code: 14_000,
      });
    }
    if (session <= 0n || session > u64Max) {
      throw new SessionError('SESSION_INVALID', `${session} is no session number`, {
        code: 14_001,
      });
    }
    this.#session = session;
    this.#everBound = true;
  }

  /** Forgets the session number; client id and counter stay. */
  unbind(): void {
    this.#session = undefined;
  }

  /** No mutation can be numbered any more. */
  get isExhausted(): boolean {
    return this.#next >= requestMax;
  }

  /** Takes the number of the next mutation. */
  nextRequestId(): bigint {
    if (this.#session === undefined) {
      throw new SessionError('SESSION_UNBOUND', 'a mutation needs a login', { code: 40 });
    }
    if (this.isExhausted) {
      throw new SessionError('SESSION_EXHAUSTED', 'the session has no request numbers left', {});
    }
    const taken = this.#next;
    this.#next += 1n;
    return taken;
  }

  /** Keeps the counter above what the server has seen of this client id. */
  raiseAbove(watermark: bigint): void {
    if (watermark < this.#next) return;
    this.#next = watermark < requestMax ? watermark + 1n : requestMax;
  }

  /** Becomes somebody else: a fresh client id, numbers from 1. A pinned id stays. */
  resetIdentity(): void {
    this.#clientId = this.#pinned ?? drawClientId(this.#entropy);
    this.#session = undefined;
    this.#next = 1n;
    this.#registerConsumed = false;
    this.#everBound = false;
    this.origin = undefined;
    this.#generation += 1;
  }
}

/** Ids with all ones in the upper half belong to servers, 0 to nobody. */
function drawClientId(entropy: SessionEntropy): bigint {
  for (;;) {
    const id = BigInt.asUintN(128, entropy.u128());
    if (id !== 0n && id >> 64n !== u64Max) return id;
  }
}
