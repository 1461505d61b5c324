import type { RequestPolicy } from '../config.js';
import type { ConsensusLimits } from '../constants.js';
import { replyRequest, replyRequestChecksum } from '../frame/reply-header.js';
import type { SessionView } from '../session-view.js';
import {
  findReply,
  type LiveEntry,
  newestApplicationReply,
  oldestCommit,
  type RetiredEntry,
  replySlab,
} from './entry.js';
import { type ClientTableImage, imageOf, restoreEntries } from './restore.js';
import { RetiredTier } from './retired-tier.js';
import { Slots } from './slots.js';
import { type RequestVerdict, verdicts } from './verdict.js';

/** The request a verdict is asked for. */
export interface RequestKey {
  readonly client: bigint;
  readonly session: number;
  readonly request: bigint;
  readonly requestChecksum: bigint;
}

/** A Register whose turn in the log has come. */
export interface CommittedRegister {
  readonly client: bigint;
  readonly userId: number;
  readonly op: number;
  readonly reply: Uint8Array;
}

/** What applying a Register did besides binding the session. */
export interface RegisterEffects {
  /** The client had a live or retired entry that was kept. */
  readonly rebound: boolean;
  /** Client that lost its live entry to make room. */
  readonly evicted?: bigint;
  /** Client that was dropped from the retired tier. */
  readonly forgotten?: bigint;
}

/** The outcome of an application request whose turn in the log has come. */
export interface CommittedReply {
  readonly client: bigint;
  readonly request: bigint;
  readonly requestChecksum: bigint;
  readonly op: number;
  readonly reply: Uint8Array;
}

/** What became of a committed reply; none of these is an error. */
export type ReplyRecord = 'Cached' | 'Retired' | 'NoEntry' | 'SkippedRegression';

/**
 * Sessions of the metadata group: who may speak, what was executed, and the cached answers. It is
 * changed only by applying committed entries, so all replicas hold the same table.
 * @source Iggy consensus protocol, client table
 */
export class ClientTable {
  readonly #limits: ConsensusLimits;
  #slots: Slots;
  #retired: RetiredTier;
  readonly #index = new Map<bigint, LiveEntry>();
  #liveReplyBytes = 0;

  constructor(limits: ConsensusLimits) {
    this.#limits = limits;
    this.#slots = new Slots(limits.clientSlots);
    this.#retired = new RetiredTier(limits.retiredSlots);
  }

  get liveCount(): number {
    return this.#slots.count;
  }

  get retiredCount(): number {
    return this.#retired.count;
  }

  session(client: bigint): SessionView | undefined {
    return this.#index.get(client);
  }

  /** Acting user of a client, or -1 when it has no live entry. */
  userOf(client: bigint): number {
    return this.#index.get(client)?.userId ?? -1;
  }

  /** User that owns a client id in either tier, or -1. */
  ownerOf(client: bigint): number {
    return this.#index.get(client)?.userId ?? this.#retired.get(client)?.userId ?? -1;
  }

  /** Zeroed bytes for the reply to a client. */
  replyBytes(client: bigint, size: number): Uint8Array {
    return this.#index.get(client)?.slab.take(size) ?? new Uint8Array(size);
  }

  /** Judges a request; the order of the tests is normative. */
  check(key: RequestKey, policy: RequestPolicy): RequestVerdict {
    const entry = this.#index.get(key.client);
    if (entry === undefined) return verdicts.noSession;
    const strict = policy === 'strict';
    // Epoch before number: a fenced holder must not be served even what looks like a duplicate.
    if (key.session < entry.epoch) return strict ? verdicts.mismatchLow : verdicts.fenced;
    if (key.session > entry.epoch) return strict ? verdicts.mismatchHigh : verdicts.epochAhead;
    if (key.request > entry.watermark) {
      return strict && key.request !== entry.watermark + 1n ? verdicts.gap : verdicts.fresh;
    }
    if (key.request === entry.watermark && differ(key.requestChecksum, entry.watermarkChecksum)) {
      return verdicts.checksumMismatch;
    }
    const reply = entry.replies[findReply(entry, key.request)];
    if (reply === undefined) return verdicts.alreadyApplied;
    if (differ(key.requestChecksum, replyRequestChecksum(reply))) return verdicts.checksumMismatch;
    return { verdict: 'Duplicate', reply };
  }

  /** Applies a Register: the epoch is its op. Ownership was judged at admission. */
  commitRegister(register: CommittedRegister): RegisterEffects {
    const entry = this.#index.get(register.client);
    if (entry !== undefined) {
      this.#rebind(entry, register);
      return { rebound: true };
    }
    // Out of the retired tier first, or an overflow caused below could drop this very client.
    const retired = this.#retired.take(register.client);
    const kept = retired?.userId === register.userId ? retired : undefined;
    const effects = this.#makeRoom();
    this.#place(register, kept);
    return { rebound: kept !== undefined, ...effects };
  }

  /** Records the outcome of an application request. */
  commitReply(committed: CommittedReply): ReplyRecord {
    const entry = this.#index.get(committed.client);
    if (entry === undefined) return this.#commitToRetired(committed);
    if (committed.op < entry.latestCommit || committed.request < entry.watermark) {
      return 'SkippedRegression';
    }
    const known = committed.request === entry.watermark ? findReply(entry, committed.request) : -1;
    // No index below 0: what an array does not have is looked for in its prototypes.
    const replaced = known < 0 ? undefined : entry.replies[known];
    if (replaced === undefined) {
      this.#append(entry, committed.reply);
    } else {
      entry.replies[known] = committed.reply;
      this.#account(entry, committed.reply.length - replaced.length);
    }
    entry.watermark = committed.request;
    entry.watermarkChecksum = committed.requestChecksum;
    entry.latestCommit = committed.op;
    this.#boundReplies();
    return 'Cached';
  }

  /** Ends a live session; a retired one stays. False when there was none. */
  commitLogout(client: bigint): boolean {
    const entry = this.#index.get(client);
    if (entry === undefined) return false;
    this.#remove(entry);
    return true;
  }

  /** Ends all sessions of a user in both tiers; returns the clients that were live. */
  endUser(userId: number): readonly bigint[] {
    const ended: bigint[] = [];
    for (const entry of [...this.#slots]) {
      if (entry.userId !== userId) continue;
      this.#remove(entry);
      ended.push(entry.client);
    }
    for (const entry of this.#retired.sorted()) {
      if (entry.userId === userId) this.#retired.take(entry.client);
    }
    return ended;
  }

  /** The table as checkpoints and transfers carry it; shares the reply frames. */
  image(): ClientTableImage {
    return imageOf(this.#slots, this.#retired);
  }

  /** Replaces the whole table. @throws CONSENSUS_MALFORMED and leaves the table as it was. */
  restore(image: ClientTableImage): void {
    const entries = restoreEntries(image);
    this.#slots = new Slots(this.#limits.clientSlots);
    this.#retired = new RetiredTier(this.#limits.retiredSlots);
    this.#index.clear();
    this.#liveReplyBytes = 0;
    for (const entry of entries.live) {
      this.#slots.put(entry);
      this.#index.set(entry.client, entry);
      this.#liveReplyBytes += entry.replyBytes;
    }
    for (const entry of entries.retired) this.#retired.add(entry);
  }

  #rebind(entry: LiveEntry, register: CommittedRegister): void {
    const old = entry.replies.findIndex((reply) => replyRequest(reply) === 0n);
    if (old >= 0) this.#dropReply(entry, old);
    entry.epoch = register.op;
    entry.userId = register.userId;
    entry.latestCommit = register.op;
    this.#append(entry, register.reply);
    this.#boundReplies();
  }

  #place(register: CommittedRegister, kept: RetiredEntry | undefined): void {
    const entry: LiveEntry = {
      slot: this.#slots.lowestFree(),
      client: register.client,
      epoch: register.op,
      userId: register.userId,
      watermark: kept?.watermark ?? 0n,
      watermarkChecksum: kept?.watermarkChecksum ?? 0n,
      origin: kept?.origin ?? register.op,
      latestCommit: register.op,
      replies: [],
      replyBytes: 0,
      slab: replySlab(),
    };
    this.#slots.put(entry);
    this.#index.set(entry.client, entry);
    if (kept?.reply !== undefined) this.#append(entry, kept.reply);
    this.#append(entry, register.reply);
    this.#boundReplies();
  }

  /** Evicts by committed state only: backups do not know what the primary has in flight. */
  #makeRoom(): Omit<RegisterEffects, 'rebound'> {
    if (!this.#slots.isFull) return {};
    const victim = this.#slots.oldest();
    if (victim === undefined) return {};
    const newest = newestApplicationReply(victim);
    this.#remove(victim);
    const forgotten = this.#retired.add({
      client: victim.client,
      userId: victim.userId,
      watermark: victim.watermark,
      watermarkChecksum: victim.watermarkChecksum,
      origin: victim.origin,
      latestCommit: victim.latestCommit,
      reply: this.#retainable(newest),
    });
    return {
      evicted: victim.client,
      ...(forgotten === undefined ? {} : { forgotten: forgotten.client }),
    };
  }

  #commitToRetired(committed: CommittedReply): ReplyRecord {
    const entry = this.#retired.get(committed.client);
    if (entry === undefined) return 'NoEntry';
    if (committed.op < entry.latestCommit || committed.request < entry.watermark) {
      return 'SkippedRegression';
    }
    entry.watermark = committed.request;
    entry.watermarkChecksum = committed.requestChecksum;
    entry.latestCommit = committed.op;
    this.#retired.replaceReply(entry, this.#retainable(committed.reply));
    this.#boundReplies();
    return 'Retired';
  }

  #retainable(reply: Uint8Array | undefined): Uint8Array | undefined {
    return reply !== undefined && reply.length <= this.#limits.retiredReplyBytes
      ? reply
      : undefined;
  }

  #append(entry: LiveEntry, reply: Uint8Array): void {
    const { ringReplies, ringBytes, ringFloor } = this.#limits;
    entry.replies.push(reply);
    this.#account(entry, reply.length);
    while (
      (entry.replies.length > ringReplies || entry.replyBytes > ringBytes) &&
      entry.replies.length > ringFloor
    ) {
      this.#dropReply(entry, 0);
    }
  }

  #dropReply(entry: LiveEntry, position: number): void {
    const dropped = position === 0 ? entry.replies.shift() : entry.replies.splice(position, 1)[0];
    if (dropped !== undefined) this.#account(entry, -dropped.length);
  }

  #account(entry: LiveEntry, bytes: number): void {
    entry.replyBytes += bytes;
    this.#liveReplyBytes += bytes;
  }

  #remove(entry: LiveEntry): void {
    this.#slots.remove(entry);
    this.#index.delete(entry.client);
    this.#liveReplyBytes -= entry.replyBytes;
  }

  /** Keeps the encoded table below the size of a transfer artifact. */
  #boundReplies(): void {
    while (this.#liveReplyBytes + this.#retired.replyBytes > this.#limits.replyBytesMax) {
      let oldest: LiveEntry | undefined;
      for (const entry of this.#slots) {
        if (entry.replies.length < 2) continue;
        if (oldest === undefined || oldestCommit(entry) < oldestCommit(oldest)) oldest = entry;
      }
      if (oldest === undefined) return;
      this.#dropReply(oldest, 0);
    }
  }
}

/** Two stamps contradict each other only when both were made. */
function differ(a: bigint, b: bigint): boolean {
  return a !== 0n && b !== 0n && a !== b;
}
