/** How many failed logins are free, and how soon one is forgiven. */
export interface AttemptLimits {
  /** Failures in a row that cost nothing; 0 = no limit. */
  readonly free: number;
  /** Ticks after which one failure is forgiven, and between attempts when none is free. */
  readonly ticks: number;
}

interface Account {
  /** Failures not forgiven yet, as of `at`. */
  failures: number;
  at: number;
  /** When the next attempt may be looked at. */
  next: number;
}

/** Failures beyond the free ones that are remembered, as a multiple of them. */
const maxDebt = 32;
/** Accounts that are kept; beyond that the one that failed longest ago is forgotten. */
const maxAccounts = 4096;

/** The account of a connection. */
export const connectionAccount = (connection: number): string => `connection ${connection}`;

/**
 * Slows down who guesses: each connection, and each name from one address, may fail a number of
 * times; from then on its attempts are looked at one by one, some time apart, however many
 * connections make them. Nobody is refused or locked out, and an attempt waits before anything of
 * it is looked at, so that the delay tells nothing about names.
 */
export class LoginAttempts {
  readonly #limits: AttemptLimits;
  /** In the order of the last failure, oldest first. */
  readonly #accounts = new Map<string, Account>();

  constructor(limits: AttemptLimits) {
    this.#limits = limits;
  }

  /** Accounts that have failures. */
  get size(): number {
    return this.#accounts.size;
  }

  /** Ticks an attempt has to wait; takes its place in the queues of all `keys`. */
  delay(keys: readonly string[], tick: number): number {
    let until = tick;
    for (const key of keys) {
      const account = this.#accounts.get(key);
      if (account === undefined) continue;
      this.#forgive(account, tick);
      if (account.failures < this.#limits.free) continue;
      account.next = Math.max(account.next + this.#limits.ticks, tick + this.#limits.ticks);
      until = Math.max(until, account.next);
    }
    return until - tick;
  }

  /** The credentials were wrong. */
  failed(keys: readonly string[], tick: number): void {
    if (this.#limits.free === 0) return;
    for (const key of keys) {
      const account = this.#accounts.get(key) ?? { failures: 0, at: tick, next: 0 };
      this.#forgive(account, tick);
      account.failures = Math.min(account.failures + 1, this.#limits.free * maxDebt);
      this.#accounts.delete(key);
      this.#accounts.set(key, account);
    }
    while (this.#accounts.size > maxAccounts) {
      const [oldest] = this.#accounts.keys();
      if (oldest === undefined) return;
      this.#accounts.delete(oldest);
    }
  }

  /** The credentials were right, or the connection is gone. */
  forget(keys: readonly string[]): void {
    for (const key of keys) this.#accounts.delete(key);
  }

  #forgive(account: Account, tick: number): void {
    const forgiven = Math.floor((tick - account.at) / this.#limits.ticks);
    if (forgiven <= 0) return;
    account.failures = Math.max(0, account.failures - forgiven);
    account.at += forgiven * this.#limits.ticks;
  }
}
