import type { RetiredEntry } from './entry.js';

/**
 * Sessions evicted by capacity, keyed by client id: replicated state, bounded, and forgotten in
 * the order of their latest commit.
 */
export class RetiredTier {
  readonly #limit: number;
  readonly #entries = new Map<bigint, RetiredEntry>();
  #replyBytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#entries.size;
  }

  get replyBytes(): number {
    return this.#replyBytes;
  }

  get(client: bigint): RetiredEntry | undefined {
    return this.#entries.get(client);
  }

  /** Takes an entry out, because it comes back or must go. */
  take(client: bigint): RetiredEntry | undefined {
    const entry = this.#entries.get(client);
    if (entry === undefined) return undefined;
    this.#entries.delete(client);
    this.#replyBytes -= entry.reply?.length ?? 0;
    return entry;
  }

  /** Adds an entry; when the tier overflows, the one that is forgotten is returned. */
  add(entry: RetiredEntry): RetiredEntry | undefined {
    this.#entries.set(entry.client, entry);
    this.#replyBytes += entry.reply?.length ?? 0;
    if (this.#entries.size <= this.#limit) return undefined;
    const oldest = this.#oldest();
    return oldest === undefined ? undefined : this.take(oldest.client);
  }

  replaceReply(entry: RetiredEntry, reply: Uint8Array | undefined): void {
    this.#replyBytes += (reply?.length ?? 0) - (entry.reply?.length ?? 0);
    entry.reply = reply;
  }

  /** Entries by latest commit, then client id: the order of every encoding. */
  sorted(): readonly RetiredEntry[] {
    return [...this.#entries.values()].sort(byAge);
  }

  #oldest(): RetiredEntry | undefined {
    let oldest: RetiredEntry | undefined;
    for (const entry of this.#entries.values()) {
      if (oldest === undefined || byAge(entry, oldest) < 0) oldest = entry;
    }
    return oldest;
  }
}

function byAge(a: RetiredEntry, b: RetiredEntry): number {
  if (a.latestCommit !== b.latestCommit) return a.latestCommit - b.latestCommit;
  if (a.client === b.client) return 0;
  return a.client < b.client ? -1 : 1;
}
