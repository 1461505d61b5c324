import { describe, expect, it } from 'vitest';
import { ClientTable } from '../../../src/consensus/client-table/client-table.js';
import { type ConsensusLimits, consensusLimits } from '../../../src/consensus/index.js';
import { makeReply } from '../harness/prepares.js';

class TableDriver {
  readonly table: ClientTable;
  op = 0;

  constructor(limits: Partial<ConsensusLimits> = {}) {
    this.table = new ClientTable(consensusLimits({ clientSlots: 2, retiredSlots: 2, ...limits }));
  }

  register(client: bigint, userId = 1) {
    const op = ++this.op;
    const reply = makeReply({ client, op, request: 0n });
    return this.table.commitRegister({ client, userId, op, reply });
  }

  commit(client: bigint, request: bigint, options: { checksum?: bigint; size?: number } = {}) {
    const op = ++this.op;
    const { checksum: requestChecksum = 0n, size = 260 } = options;
    const reply = makeReply({ client, op, request, requestChecksum, size });
    return this.table.commitReply({ client, request, requestChecksum, op, reply });
  }

  check(client: bigint, session: number, request: bigint, requestChecksum = 0n) {
    return this.table.check({ client, session, request, requestChecksum }, 'watermark');
  }

  strict(client: bigint, session: number, request: bigint) {
    return this.table.check({ client, session, request, requestChecksum: 0n }, 'strict');
  }
}

describe('register', () => {
  it('gives the op of the register as session and origin', () => {
    const t = new TableDriver();
    t.op = 41;

    expect(t.register(5n)).toEqual({ rebound: false });
    expect(t.table.session(5n)).toMatchObject({ epoch: 42, origin: 42, watermark: 0n, userId: 1 });
  });

  it('03-S44 re-binds a known client: the epoch rises, watermark, replies and origin stay', () => {
    const t = new TableDriver();
    t.register(5n, 1);
    t.commit(5n, 7n);

    expect(t.register(5n, 2)).toEqual({ rebound: true });
    expect(t.table.session(5n)).toMatchObject({ epoch: 3, origin: 1, watermark: 7n, userId: 2 });
    expect(t.check(5n, 3, 7n).verdict).toBe('Duplicate');
    expect(t.check(5n, 1, 8n)).toMatchObject({ verdict: 'Fenced', eviction: 7 });
    expect(t.table.image().live[0]?.replies).toHaveLength(2);
  });

  it('takes the lowest free slot', () => {
    const t = new TableDriver({ clientSlots: 3 });
    for (const client of [1n, 2n, 3n]) t.register(client);
    t.table.commitLogout(1n);
    t.table.commitLogout(2n);
    t.register(9n);

    expect(t.table.image().live.map(({ slot, client }) => [slot, client])).toEqual([
      [0, 9n],
      [2, 3n],
    ]);
  });

  it('evicts the entry with the oldest newest reply when all slots are taken', () => {
    const t = new TableDriver();
    t.register(1n);
    t.register(2n);
    t.commit(1n, 1n);

    expect(t.register(3n)).toEqual({ rebound: false, evicted: 2n });
    expect(t.table.liveCount).toBe(2);
    expect(t.check(2n, 2, 1n)).toMatchObject({ verdict: 'NoSession', eviction: 1 });
  });
});

describe('verdicts', () => {
  it('judges the epoch before the number', () => {
    const t = new TableDriver();
    t.register(5n);
    t.commit(5n, 3n);

    expect(t.check(5n, 0, 3n).verdict).toBe('Fenced');
    expect(t.check(5n, 2, 3n)).toMatchObject({ verdict: 'EpochAhead', eviction: 12 });
    expect(t.check(6n, 1, 1n).verdict).toBe('NoSession');
  });

  it('accepts any number above the watermark', () => {
    const t = new TableDriver();
    t.register(5n);
    t.commit(5n, 3n);

    expect(t.check(5n, 1, 4n).verdict).toBe('New');
    expect(t.check(5n, 1, 400n).verdict).toBe('New');
  });

  it('tells a duplicate with its bytes, a lost reply, and another body under a used number', () => {
    const t = new TableDriver({ ringReplies: 5 });
    t.register(5n);
    for (let request = 1n; request <= 9n; request++) t.commit(5n, request, { checksum: request });

    const duplicate = t.check(5n, 1, 9n, 9n);
    expect(duplicate.verdict).toBe('Duplicate');
    expect(duplicate.reply?.length).toBe(260);
    expect(t.check(5n, 1, 9n, 0n).verdict).toBe('Duplicate');
    expect(t.check(5n, 1, 9n, 8n)).toMatchObject({ verdict: 'ChecksumMismatch', code: 3 });
    expect(t.check(5n, 1, 6n, 1n).verdict).toBe('ChecksumMismatch');
    expect(t.check(5n, 1, 2n, 2n)).toMatchObject({ verdict: 'AlreadyApplied', code: 59 });
  });

  it('under the strict policy refuses gaps and names both wrong epochs alike', () => {
    const t = new TableDriver();
    t.register(5n);
    t.commit(5n, 1n);

    expect(t.strict(5n, 1, 2n).verdict).toBe('New');
    expect(t.strict(5n, 1, 3n)).toMatchObject({ verdict: 'RequestGap', eviction: 12 });
    expect(t.strict(5n, 1, 1n).verdict).toBe('Duplicate');
    expect(t.strict(5n, 0, 2n)).toMatchObject({ verdict: 'SessionMismatch', eviction: 7 });
    expect(t.strict(5n, 2, 2n)).toMatchObject({ verdict: 'SessionMismatch', eviction: 12 });
  });
});

describe('replies', () => {
  it('03-S47 skips what would go back, without failing', () => {
    const t = new TableDriver();
    t.register(5n);
    t.commit(5n, 7n);

    expect(t.commit(5n, 6n)).toBe('SkippedRegression');
    t.op = 0;
    expect(t.commit(5n, 9n)).toBe('SkippedRegression');
    expect(t.commit(6n, 9n)).toBe('NoEntry');
    expect(t.table.session(5n)?.watermark).toBe(7n);
  });

  it('replaces the reply at the watermark in place', () => {
    const t = new TableDriver();
    t.register(5n);
    t.commit(5n, 7n, { size: 300 });
    t.commit(5n, 7n, { size: 400 });

    expect(t.table.image().live[0]?.replies.map((reply) => reply.length)).toEqual([260, 400]);
  });

  it('keeps 64 replies or 256 KiB, whichever is less, and never fewer than 5', () => {
    const many = new TableDriver();
    many.register(5n);
    for (let request = 1n; request <= 100n; request++) many.commit(5n, request);
    expect(many.table.image().live[0]?.replies).toHaveLength(64);

    const large = new TableDriver();
    large.register(5n);
    for (let request = 1n; request <= 10n; request++) large.commit(5n, request, { size: 100_000 });
    expect(large.table.image().live[0]?.replies).toHaveLength(5);

    const medium = new TableDriver();
    medium.register(5n);
    for (let request = 1n; request <= 20n; request++) medium.commit(5n, request, { size: 32_768 });
    expect(medium.table.image().live[0]?.replies).toHaveLength(8);
  });

  it('bounds all replies together, dropping the oldest that is not the newest of its entry', () => {
    const t = new TableDriver({ replyBytesMax: 2000, clientSlots: 3 });
    t.register(1n);
    t.register(2n);
    for (let request = 1n; request <= 5n; request++) {
      t.commit(1n, request);
      t.commit(2n, request);
    }

    const { live } = t.table.image();
    const bytes = live.flatMap(({ replies }) => replies).reduce((sum, r) => sum + r.length, 0);
    expect(bytes).toBeLessThanOrEqual(2000);
    expect(live.map(({ replies }) => replies.length)).toEqual([3, 4]);
    expect(t.check(1n, 1, 5n).verdict).toBe('Duplicate');
  });
});

describe('the retired tier', () => {
  it('03-S84 brings an evicted client back whole', () => {
    const t = new TableDriver();
    t.register(1n);
    t.commit(1n, 7n, { checksum: 70n });
    t.register(2n);
    t.register(3n);

    expect(t.table.session(1n)).toBeUndefined();
    expect(t.table.ownerOf(1n)).toBe(1);
    t.register(1n);
    expect(t.table.session(1n)).toMatchObject({ epoch: 5, origin: 1, watermark: 7n });
    expect(t.check(1n, 5, 7n, 70n).verdict).toBe('Duplicate');
    expect(t.check(1n, 5, 7n, 71n).verdict).toBe('ChecksumMismatch');
  });

  it('03-S84 records what commits after the eviction', () => {
    const t = new TableDriver();
    t.register(1n);
    t.register(2n);
    t.register(3n);

    expect(t.commit(1n, 7n)).toBe('Retired');
    t.register(1n);
    expect(t.check(1n, 5, 7n).verdict).toBe('Duplicate');
  });

  it('keeps no reply above its limit, and then refuses the retry instead of running it', () => {
    const t = new TableDriver();
    t.register(1n);
    t.commit(1n, 7n, { size: 4097 });
    t.register(2n);
    t.register(3n);
    t.register(1n);

    expect(t.check(1n, 5, 7n).verdict).toBe('AlreadyApplied');
  });

  it('03-S84 takes the returning client out first, so that a full tier does not drop it', () => {
    const t = new TableDriver();
    for (const client of [1n, 2n, 3n, 4n]) t.register(client);
    expect(t.table.retiredCount).toBe(2);

    expect(t.register(1n)).toEqual({ rebound: true, evicted: 3n });
    expect(t.table.session(1n)?.origin).toBe(1);
    expect(t.table.retiredCount).toBe(2);
  });

  it('forgets the smallest latest commit on overflow', () => {
    const t = new TableDriver();
    for (const client of [1n, 2n, 3n, 4n]) t.register(client);

    expect(t.register(5n)).toEqual({ rebound: false, evicted: 3n, forgotten: 1n });
    t.register(1n);
    expect(t.table.session(1n)?.origin).toBe(6);
  });

  it('is off with a limit of 0', () => {
    const t = new TableDriver({ retiredSlots: 0 });
    t.register(1n);
    t.register(2n);

    expect(t.register(3n)).toEqual({ rebound: false, evicted: 1n, forgotten: 1n });
    expect(t.table.retiredCount).toBe(0);
  });

  it('drops a retired entry of another user when that user registers nevertheless', () => {
    const t = new TableDriver();
    t.register(1n, 1);
    t.commit(1n, 7n);
    t.register(2n);
    t.register(3n);

    expect(t.register(1n, 2).rebound).toBe(false);
    expect(t.table.session(1n)).toMatchObject({ userId: 2, watermark: 0n, origin: 5 });
  });

  it('a logout leaves it alone, the end of a user does not', () => {
    const t = new TableDriver();
    t.register(1n, 4);
    t.register(2n, 4);
    t.register(3n, 5);

    expect(t.table.commitLogout(1n)).toBe(false);
    expect(t.table.retiredCount).toBe(1);
    expect(t.table.endUser(4)).toEqual([2n]);
    expect(t.table.retiredCount).toBe(0);
    expect(t.table.liveCount).toBe(1);
  });
});

describe('images', () => {
  it('restore slots, rings, origins and the retired tier', () => {
    const t = new TableDriver();
    t.register(1n);
    t.register(2n);
    t.commit(2n, 4n, { checksum: 8n });
    t.register(3n);
    const image = t.table.image();

    const other = new TableDriver();
    other.table.restore(image);
    expect(other.table.image()).toEqual(image);
    expect(other.check(2n, 2, 4n, 8n).verdict).toBe('Duplicate');
  });

  it('keep a larger table until it drains', () => {
    const wide = new TableDriver({ clientSlots: 5 });
    for (const client of [1n, 2n, 3n, 4n]) wide.register(client);

    const narrow = new TableDriver({ clientSlots: 2 });
    narrow.op = wide.op;
    narrow.table.restore(wide.table.image());
    expect(narrow.table.liveCount).toBe(4);
    expect(narrow.register(9n).evicted).toBe(1n);
    for (const client of [3n, 4n]) narrow.table.commitLogout(client);
    expect(narrow.register(8n).evicted).toBe(2n);
  });

  it('refuse duplicates, bad slots, empty rings and bad replies, and leave the table as it was', () => {
    const t = new TableDriver();
    t.register(1n);
    t.register(2n);
    const image = t.table.image();
    const [first, second] = image.live;
    if (first === undefined || second === undefined) throw new Error('two entries');
    const bad = [
      [first, { ...second, client: first.client }],
      [first, { ...second, slot: first.slot }],
      [{ ...first, slot: 65_536 }],
      [{ ...first, replies: [] }],
      [{ ...first, replies: [first.replies[0] ?? new Uint8Array(0), new Uint8Array(256)] }],
      [{ ...first, replies: Array.from({ length: 65 }, () => new Uint8Array(256)) }],
      [{ ...first, client: 0n }],
    ];
    for (const live of bad) {
      expect(() => t.table.restore({ live, retired: [] })).toThrow(
        expect.objectContaining({ code: 'CONSENSUS_MALFORMED' }),
      );
    }
    const retired = [{ ...first, latestCommit: 1 }];
    expect(() => t.table.restore({ live: [first], retired })).toThrow();
    expect(t.table.image()).toEqual(image);
  });
});
