import type { ClientTableImage } from '../../consensus/index.js';
import { Operation } from '../../wire/index.js';
import type { Report } from '../check/verdict.js';
import type { EntryFacts } from './reference-metadata.js';

/** What decides who is kept and who is forgotten. */
export interface SessionLimits {
  readonly clientSlots: number;
  readonly retiredSlots: number;
}

interface Entry {
  readonly client: bigint;
  userId: number;
  slot: number;
  epoch: number;
  watermark: bigint;
  readonly origin: number;
  latestCommit: number;
}

/** Upper half of the ids under which the server proposes: no client may have it. */
const serverClients = 0xffff_ffff_ffff_ffffn;

/** How a client came to have no entry. */
type Gone = 'logout' | 'forgotten';

/**
 * The rules of the client table written down a second time, plainly: who has a session, which
 * requests were executed, who is evicted. Fed with the canonical log.
 */
export class ReferenceSessions {
  readonly live = new Map<bigint, Entry>();
  readonly retired = new Map<bigint, Entry>();
  readonly #limits: SessionLimits;
  readonly #report: Report;
  /** Requests executed in the life of an entry, with the evictions of their client until then. */
  readonly #executed = new Map<bigint, Map<bigint, number>>();
  readonly #evicted = new Map<bigint, number>();
  readonly #gone = new Map<bigint, Gone>();
  readonly #epochs = new Map<bigint, number>();
  evictions = 0;
  /** Logins that found a live entry with requests behind it. */
  rebinds = 0;
  returns = 0;
  forgotten = 0;
  lateCommits = 0;

  constructor(limits: SessionLimits, report: Report) {
    this.#limits = limits;
    this.#report = report;
  }

  apply(entry: EntryFacts): void {
    // What the server does for itself has no session, and always the same number.
    if (entry.client === 0n || entry.client >> 64n === serverClients) return;
    switch (entry.operation) {
      case Operation.Register:
        this.#register(entry);
        break;
      case Operation.Logout:
        if (this.live.delete(entry.client)) this.#forget(entry.client, 'logout');
        break;
      default:
        this.#request(entry);
    }
  }

  /** Op of the newest login of a client, also when its session has ended since; 0 = none. */
  epochOf(client: bigint): number {
    return this.#epochs.get(client) ?? 0;
  }

  /** Op of the login that the entry of a client began with, or 0 when it has none. */
  originOf(client: bigint): number {
    return (this.live.get(client) ?? this.retired.get(client))?.origin ?? 0;
  }

  /** A user is gone, and all sessions with it. */
  endUser(userId: number): void {
    for (const tier of [this.live, this.retired]) {
      for (const entry of [...tier.values()]) {
        if (entry.userId !== userId) continue;
        tier.delete(entry.client);
        this.#forget(entry.client, 'logout');
      }
    }
  }

  /** Where a replica's table differs, or `undefined`. */
  difference(image: ClientTableImage): string | undefined {
    return (
      differ('live', this.live, image.live, true) ??
      differ('retired', this.retired, image.retired, false)
    );
  }

  #register({ client, op, userId }: EntryFacts): void {
    const before = this.#epochs.get(client) ?? 0;
    if (op <= before) {
      const detail = `epoch ${op} of client ${client} is not above ${before}`;
      this.#report({ class: 'C', invariant: 'C3', detail });
    }
    this.#epochs.set(client, op);
    const live = this.live.get(client);
    if (live !== undefined) {
      if (live.userId !== userId) {
        const detail = `op ${op} gives the session of client ${client} to user ${userId}`;
        this.#report({ class: 'C', invariant: 'C11', detail });
      }
      if (live.watermark > 0n) this.rebinds += 1;
      live.userId = userId;
      live.epoch = op;
      live.latestCommit = op;
      return;
    }
    const found = this.retired.get(client);
    const back = found?.userId === userId ? found : undefined;
    this.retired.delete(client);
    if (back === undefined) this.#executed.delete(client);
    else this.returns += 1;
    this.#gone.delete(client);
    this.#makeRoom();
    this.live.set(client, {
      client,
      userId,
      slot: this.#freeSlot(),
      epoch: op,
      watermark: back?.watermark ?? 0n,
      origin: back?.origin ?? op,
      latestCommit: op,
    });
  }

  #request({ client, request, op }: EntryFacts): void {
    let executed = this.#executed.get(client);
    if (executed === undefined) {
      executed = new Map();
      this.#executed.set(client, executed);
    }
    const evicted = this.#evicted.get(client) ?? 0;
    const before = executed.get(request);
    if (before !== undefined) {
      const detail = `client ${client} request ${request} was executed twice, again at op ${op}`;
      this.#report({ class: 'C', invariant: before < evicted ? 'C13' : 'C1', detail });
    }
    executed.set(request, evicted);
    const entry = this.live.get(client) ?? this.retired.get(client);
    if (entry === undefined) {
      if (this.#gone.get(client) === 'logout') {
        const detail = `request ${request} of client ${client} committed after its logout`;
        this.#report({ class: 'C', invariant: 'C8', detail });
      }
      return;
    }
    if (!this.live.has(client)) this.lateCommits += 1;
    if (request < entry.watermark) return;
    entry.watermark = request;
    entry.latestCommit = op;
  }

  #makeRoom(): void {
    if (this.live.size < this.#limits.clientSlots) return;
    const victim = [...this.live.values()].sort(
      (a, b) => a.latestCommit - b.latestCommit || a.slot - b.slot,
    )[0];
    if (victim === undefined) return;
    this.evictions += 1;
    this.#evicted.set(victim.client, (this.#evicted.get(victim.client) ?? 0) + 1);
    this.live.delete(victim.client);
    this.retired.set(victim.client, victim);
    if (this.retired.size <= this.#limits.retiredSlots) return;
    const oldest = [...this.retired.values()].sort(
      (a, b) => a.latestCommit - b.latestCommit || (a.client < b.client ? -1 : 1),
    )[0];
    if (oldest === undefined) return;
    this.forgotten += 1;
    this.retired.delete(oldest.client);
    this.#forget(oldest.client, 'forgotten');
  }

  #forget(client: bigint, how: Gone): void {
    this.#gone.set(client, how);
    this.#executed.delete(client);
  }

  #freeSlot(): number {
    const slots = new Set([...this.live.values()].map(({ slot }) => slot));
    let slot = 0;
    while (slots.has(slot)) slot += 1;
    return slot;
  }
}

interface Facts {
  readonly client: bigint;
  readonly slot?: number;
  readonly epoch?: number;
  readonly watermark: bigint;
  readonly origin: number;
}

function differ(
  tier: string,
  expected: ReadonlyMap<bigint, Entry>,
  found: readonly Facts[],
  isLive: boolean,
): string | undefined {
  const text = ({ client, slot, epoch, watermark, origin }: Facts) =>
    `${client} ${isLive ? `slot ${slot} epoch ${epoch}` : ''} at ${watermark} from ${origin}`;
  const mine = [...expected.values()].map(text).sort().join('; ');
  const theirs = found.map(text).sort().join('; ');
  return mine === theirs ? undefined : `${tier}: expected [${mine}], found [${theirs}]`;
}
